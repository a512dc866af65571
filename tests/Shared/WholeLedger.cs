namespace NumberLedger.Testing;

/// <summary>
/// Walks a whole store and compares everything that can be derived with what is stored. Runs last in every story.
/// </summary>
internal static class WholeLedger
{
    private const int PageSize = 500;

    /// <returns>How many entries there are.</returns>
    public static async Task<int> VerifyAsync(ILedgerStore store, CancellationToken cancellationToken)
    {
        int count = 0;
        var from = new NumberBlock(0);
        while (await store.ReadBlocksAsync(from, PageSize, cancellationToken) is { Count: > 0 } blocks)
        {
            foreach (NumberBlock block in blocks) count += await VerifyAsync(store, block, cancellationToken);
            from = new NumberBlock(blocks[^1].Key + 1);
        }

        return count;
    }

    private static async Task<int> VerifyAsync(
        ILedgerStore store, NumberBlock block, CancellationToken cancellationToken)
    {
        var ends = new Dictionary<Pseudonym, (long Version, Hash256 Hash)>();
        Hash256 last = default;
        long position = 0;
        while (await store.ReadBlockAsync(block, position, PageSize, cancellationToken) is { Count: > 0 } entries)
        {
            foreach (StoredEntry entry in entries)
            {
                (long version, Hash256 hash) = ends.GetValueOrDefault(entry.Tag, (0, Chain.Start(block, entry.Tag)));
                if (entry.Position != ++position)
                {
                    throw new BrokenLedgerException(block, position, "the position is missing.");
                }

                if (entry.Version != version + 1)
                {
                    throw new BrokenLedgerException(block, position, "a version is missing.");
                }

                last = Chain.Next(entry.Version, hash, entry.Sealed);
                if (entry.Hash != last) throw new BrokenLedgerException(block, position, "the chain is broken.");
                ends[entry.Tag] = (entry.Version, entry.Hash);
            }
        }

        BlockHead head = (await store.ReadHeadsAsync([block], cancellationToken))[0];
        return head.Position == position && head.Hash == last
            ? (int)position
            : throw new BrokenLedgerException(block, position, $"the head is at {head.Position}.");
    }
}
