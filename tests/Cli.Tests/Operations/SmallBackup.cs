namespace NumberLedger.Cli.Tests;

/// <summary>A backup of three entries of one number.</summary>
internal static class SmallBackup
{
    private static readonly NumberBlock Block = new(861_380_000);
    private static readonly DateTimeOffset MadeAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <param name="isBroken">One of the ledger's bytes was changed before it was backed up.</param>
    public static async Task<byte[]> MakeAsync(bool isBroken = false)
    {
        var store = new Store(isBroken);
        using var backup = new MemoryStream();
        await BackupWriter.WriteAsync(
            store, await store.ReadMomentAsync(default), new MasterKey(new byte[MasterKey.Size]), MadeAt, backup,
            progress: null, default);
        return backup.ToArray();
    }

    private sealed class Store : IBackupStore
    {
        private readonly List<StoredEntry> _entries = [];

        public Store(bool isBroken)
        {
            var tag = new Pseudonym(1);
            Hash256 hash = Chain.Start(Block, tag);
            for (int i = 1; i <= 3; i++)
            {
                byte[] bytes = [.. Enumerable.Repeat((byte)i, 100)];
                hash = Chain.Next(i, hash, bytes);
                if (isBroken && i == 2) bytes[0]++;
                _entries.Add(new StoredEntry(i, tag, i, new byte[Sealer.SaltSize], bytes, hash, null));
            }
        }

        public string? Degraded => null;

        public Task<BackupMoment> ReadMomentAsync(CancellationToken cancellationToken) => Task.FromResult(
            new BackupMoment(1, [new(Block, new BlockHead(3, _entries[^1].Hash, MadeAt))]));

        public Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
            NumberBlock block, long afterPosition, int countMax, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<StoredEntry>>(
                [.. _entries.Where(entry => entry.Position > afterPosition).Take(countMax)]);

        public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<BlockHead[]> ReadHeadsAsync(
            IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(
            NumberBlock block, IReadOnlyList<Pseudonym> tags, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
            NumberBlock from, int countMax, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
