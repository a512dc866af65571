using System.Runtime.CompilerServices;

namespace NumberLedger.Grains;

/// <summary>What the store has of a block: its head, its snapshot, its entries, and the index that they make.</summary>
internal sealed class BlockSource(
    ILedgerStore store, ISnapshotStore snapshots, StoreCalls calls, HeadReader heads, Sealer sealer,
    LedgerHealth health)
{
    /// <summary>Entries of one read. Of about 220 bytes each.</summary>
    private const int PageEntries = 10_000;

    /// <summary>
    /// To find a number's entries and fold them alone costs as much as so many of the block's in a
    /// row.
    /// </summary>
    private const int EntriesPerTag = 4;

    /// <summary>A block of no more entries is not worth the question.</summary>
    private const int EntriesFew = 256;

    /// <summary>Opened snapshots of one read: enough to keep a disk busy.</summary>
    private const long SnapshotBytes = 4 * 1024 * 1024;

    /// <summary>By a read that began after this call.</summary>
    public ValueTask<BlockHead> ReadHeadAsync(NumberBlock block) => heads.ReadAsync(block);

    /// <inheritdoc cref="StoreCalls.InTimeAsync"/>
    public Task<T> InTimeAsync<T>(Task<T> pending) => calls.InTimeAsync(pending);

    public void ThrowIfWentBack() => health.ThrowIfWentBack();

    public LedgerUnavailableException WentBack(NumberBlock block) => health.WentBack(block);

    /// <summary>
    /// The block's index as it was saved last; null if there is none, or none that this release
    /// opens.
    /// </summary>
    /// <param name="head">Of the block, and not default.</param>
    /// <returns>With a later head, if a snapshot of later was found.</returns>
    /// <exception cref="LedgerUnavailableException">The store is behind its snapshot: it went back.</exception>
    public async Task<(BlockIndex? Index, BlockHead Head)> OpenSnapshotAsync(NumberBlock block, BlockHead head)
    {
        SnapshotPage page = await calls.ReadAsync(
            token => snapshots.ReadSnapshotsAsync([block], long.MaxValue, token), CancellationToken.None);
        if (page.Found is not [(_, { } stored)]) return (null, head);
        if (sealer.Snapshots.Open(block, stored) is not { } index) return (null, head);

        // Perhaps it was saved after the head was read.
        if (stored.Position > head.Position) head = await heads.ReadAsync(block);
        return stored.Position > head.Position || (stored.Position == head.Position && stored.Hash != head.Hash)
            ? throw health.WentBack(block)
            : (index, head);
    }

    /// <summary>Snapshots of many blocks, as they are opened; nothing is judged yet but that they are ours.</summary>
    public async IAsyncEnumerable<BlockIndex> OpenSnapshotsAsync(
        NumberBlock[] blocks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int read = 0; read < blocks.Length;)
        {
            ArraySegment<NumberBlock> rest = new(blocks, read, blocks.Length - read);
            SnapshotPage page = await calls.ReadAsync(
                token => snapshots.ReadSnapshotsAsync(rest, SnapshotBytes, token), cancellationToken);
            foreach ((NumberBlock block, StoredSnapshot stored) in page.Found)
            {
                if (sealer.Snapshots.Open(block, stored) is { } index) yield return index;
            }

            read += page.BlocksRead;
        }
    }

    public async Task<BlockIndex> ReadWholeAsync(NumberBlock block, BlockHead head)
    {
        List<StoredEntry> all = await ReadEntriesAsync(block, 0, head.Position);
        return calls.Opened(block, () => BlockFold.Fold(block, sealer, all).ToIndex(block));
    }

    /// <summary>What changed in the block since a head that was read before.</summary>
    /// <returns>Null: so much that the whole block is read with less work.</returns>
    /// <exception cref="LedgerUnavailableException">
    /// Another entry stands at the head that was read before: the store went back.
    /// </exception>
    public async Task<BlockFold.Tail?> ReadTailAsync(NumberBlock block, BlockHead known, BlockHead head)
    {
        // From that head's own entry on: a store that went back and was written since holds another one there.
        int before = known.Position > 0 ? 1 : 0;
        List<StoredEntry> entries = await ReadEntriesAsync(block, known.Position - before, head.Position);
        if (before == 1 && entries[0].Hash != known.Hash) throw health.WentBack(block);

        List<StoredEntry> tail = entries[before..];
        Pseudonym[] tags = [.. tail.Select(entry => entry.Tag).Distinct()];
        if (tags.Length * EntriesPerTag > Math.Max(head.Position, EntriesFew)) return null;

        IReadOnlyList<StoredEntry> ofTags = await calls.ReadAsync(
            token => store.ReadTagsAsync(block, tags, token), CancellationToken.None);
        return calls.Opened(block, () => BlockFold.FoldTail(block, sealer, known, tail, ofTags));
    }

    /// <summary>
    /// Up to the head and not past it: what the head does not show yet may be younger than the next question's head.
    /// </summary>
    private async Task<List<StoredEntry>> ReadEntriesAsync(NumberBlock block, long after, long through)
    {
        var entries = new List<StoredEntry>();
        while (after + entries.Count < through)
        {
            int countMax = (int)Math.Min(PageEntries, through - after - entries.Count);
            IReadOnlyList<StoredEntry> page = await calls.ReadAsync(
                token => store.ReadBlockAsync(block, after + entries.Count, countMax, token), CancellationToken.None);
            if (page.Count == 0)
            {
                throw calls.Damaged(new(block, through, "the head stands here, but entries end before it."));
            }

            entries.AddRange(page);
        }

        return entries;
    }
}
