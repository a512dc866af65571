namespace NumberLedger.Stores.Tests;

/// <summary>A folder of one test, gone after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public static readonly MasterKey Master = new(new byte[MasterKey.Size]);

    public string Path { get; } = Directory.CreateTempSubdirectory("numberledger-").FullName;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public SqliteLedgerStore OpenStore() => SqliteLedgerStore.Open(Path, Master);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
