namespace NumberLedger.Stores.Tests;

/// <summary>Makes and reads backups, as of noon and under the tests' key unless said otherwise.</summary>
internal static class Backups
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<byte[]> MakeAsync(IBackupStore store, MasterKey? key = null)
    {
        using var backup = new MemoryStream();
        await WriteAsync(store, backup, key);
        return backup.ToArray();
    }

    public static async Task WriteAsync(IBackupStore store, Stream to, MasterKey? key = null) =>
        await BackupWriter.WriteAsync(
            store, await store.ReadMomentAsync(Ct), key ?? TemporaryFolder.Master, Some.Noon, to, progress: null, Ct);

    public static Task<Read> ReadAsync(byte[] backup) => ReadAsync(backup, TemporaryFolder.Master);

    /// <param name="key">Null: as one reads who has none.</param>
    public static async Task<Read> ReadAsync(byte[] backup, MasterKey? key)
    {
        using BackupReader reader = await BackupReader.OpenAsync(new MemoryStream(backup), key, Ct);
        var entries = new List<(NumberBlock, StoredEntry)>();
        await foreach (BackupPart part in reader.ReadPartsAsync(Ct))
        {
            entries.AddRange(part.Entries.Select(entry => (part.Block, entry)));
        }

        return new Read(reader.Header, entries);
    }

    public static Task<BrokenBackupException> RefusedAsync(byte[] backup) =>
        RefusedAsync(backup, TemporaryFolder.Master);

    public static Task<BrokenBackupException> RefusedAsync(byte[] backup, MasterKey? key) =>
        Assert.ThrowsAsync<BrokenBackupException>(() => ReadAsync(backup, key));

    /// <summary>Every entry of some blocks, in words.</summary>
    public static async Task<List<string>> TextOfAsync(ILedgerStore store, params NumberBlock[] blocks)
    {
        var lines = new List<string>();
        foreach (NumberBlock block in blocks)
        {
            IReadOnlyList<StoredEntry> entries = await store.ReadBlockAsync(block, 0, int.MaxValue, Ct);
            lines.AddRange(entries.Select(entry => TextOf(block, entry)));
        }

        return lines;
    }

    public static string TextOf(NumberBlock block, StoredEntry entry) =>
        $"{block} {entry.Position} {entry.Tag} {entry.Version} {Convert.ToHexString(entry.Salt ?? [])} "
        + $"{Convert.ToHexString(entry.Sealed)} {entry.Hash} {entry.Command}";

    /// <summary>All that was in it.</summary>
    internal sealed record Read(BackupHeader Header, List<(NumberBlock Block, StoredEntry Entry)> Entries);
}
