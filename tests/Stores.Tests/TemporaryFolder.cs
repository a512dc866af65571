namespace NumberLedger.Stores.Tests;

/// <summary>A folder of one test, gone after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public static readonly MasterKey Master = new(new byte[MasterKey.Size]);

    public string Path { get; } = Directory.CreateTempSubdirectory("numberledger-").FullName;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public SqliteLedgerStore OpenStore() => SqliteLedgerStore.Open(Path, Master);

    /// <summary>Writes its checkpoint before anything else that it is asked for.</summary>
    public SqliteLedgerStore OpenStoreWithPromptCheckpoint() => SqliteLedgerStore.Open(Path, Master, TimeSpan.Zero);

    /// <summary>What a machine that lost its power now would find: the files as they are, without a close.</summary>
    public TemporaryFolder CrashImage()
    {
        var image = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(Path, "ledger.*"))
        {
            if (!file.EndsWith(".lock", StringComparison.Ordinal))
            {
                File.Copy(file, image[System.IO.Path.GetFileName(file)]);
            }
        }

        return image;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
