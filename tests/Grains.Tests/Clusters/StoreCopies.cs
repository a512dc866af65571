using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>Copies of a store as it was: what a restore brings back.</summary>
internal static class StoreCopies
{
    /// <summary>A copy in which a block ends at a position; other blocks are whole.</summary>
    public static async Task<InMemoryLedgerStore> CopyAsync(this ILedgerStore store, NumberBlock block, long through)
    {
        var copy = new InMemoryLedgerStore();
        foreach (NumberBlock each in await store.ReadBlocksAsync(new NumberBlock(0), int.MaxValue, default))
        {
            BlockHead head = (await store.ReadHeadsAsync([each], default))[0];
            long last = each == block ? through : head.Position;
            foreach (StoredEntry entry in await store.ReadBlockAsync(each, 0, (int)last, default))
            {
                var again = new NewEntry(
                    entry.Tag, entry.Version, entry.Salt!, entry.Sealed, entry.Hash, entry.Command);
                await copy.AppendAsync(
                    new Append(each, [new(entry.Tag, entry.Version - 1)], [again], head.RecordedAt), default);
            }
        }

        return copy;
    }
}
