namespace NumberLedger.Architecture;

/// <summary>What a check has to say about one place, with what to do about it.</summary>
/// <param name="File">Path from the root of the repository.</param>
/// <param name="Line">1 is the first; 0 means the file as a whole.</param>
internal sealed record Finding(string File, int Line, string Problem, string Remedy)
{
    public override string ToString() => $"{File}:{Line}: {Problem} Remedy: {Remedy}";

    public static void AssertNone(IEnumerable<Finding> findings)
    {
        string text = string.Join('\n', findings);
        Assert.True(text.Length == 0, text);
    }
}
