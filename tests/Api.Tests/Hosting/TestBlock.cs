namespace NumberLedger.Api.Tests.Hosting;

/// <summary>Ten thousand numbers, and a way to name them.</summary>
public readonly record struct TestBlock(long Key)
{
    public string From => this[0];
    public string To => this[9_999];
    public string this[int offset] => $"+{Key}{offset:0000}";
}
