namespace NumberLedger;

/// <summary>Copies a ledger into another store, entry by entry, every chain verified on the way.</summary>
/// <remarks>
/// Sealed as they are: no key is needed, and hashes, versions and positions stay. What an earlier run has copied is
/// compared and passed over. Nobody may write either of the two meanwhile. The registry comes last: without it nobody
/// is let in, so a copy that was broken off answers nobody. Snapshots are derived, and claims of idempotency keys live
/// a day: both stay behind.
/// </remarks>
public sealed class LedgerCopy(ILedgerStore from, ILedgerStore to)
{
    private const int BlocksPerPage = 1_000;

    /// <summary>Of one read, and of one append if the other store takes so many.</summary>
    private const int EntriesPerPage = 1_000;

    private readonly int _entriesPerAppend = Math.Min(EntriesPerPage, to.EntriesMax);

    private long _blocks;
    private long _entries;
    private long _copied;

    /// <summary>Blocks and entries gone through, and how many of these were not there yet.</summary>
    public (long Blocks, long Entries, long Copied) Progress =>
        (Interlocked.Read(ref _blocks), Interlocked.Read(ref _entries), Interlocked.Read(ref _copied));

    /// <exception cref="BrokenLedgerException">
    /// A chain of the ledger is broken, or the other store holds another ledger's entries.
    /// </exception>
    /// <exception cref="StoreUnavailableException">One of the stores failed. Begun again, it goes on there.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        bool hasRegistry = false;
        var next = new NumberBlock(0);
        while (await from.ReadBlocksAsync(next, BlocksPerPage, cancellationToken) is { Count: > 0 } blocks)
        {
            // A damaged source would be walked through again and again.
            if (blocks[0].CompareTo(next) < 0) throw new BrokenLedgerException(blocks[0], 0, "it is not in its order.");

            foreach (NumberBlock block in blocks)
            {
                if (block == NumberBlock.Registry) hasRegistry = true;
                else await CopyAsync(block, cancellationToken);
            }

            next = new NumberBlock(blocks[^1].Key + 1);
        }

        if (hasRegistry) await CopyAsync(NumberBlock.Registry, cancellationToken);
    }

    /// <summary>A ledger begins with its registry: blocks without it are what a copy has left.</summary>
    public static async Task<bool> WasBrokenOffAsync(ILedgerStore store, CancellationToken cancellationToken) =>
        await store.ReadBlocksAsync(NumberBlock.Registry, 1, cancellationToken) is [var first]
        && first != NumberBlock.Registry;

    private async Task CopyAsync(NumberBlock block, CancellationToken cancellationToken)
    {
        BlockHead source = (await from.ReadHeadsAsync([block], cancellationToken))[0];
        BlockHead there = (await to.ReadHeadsAsync([block], cancellationToken))[0];
        if (there.Position > source.Position) throw Another(block, there.Position);

        var chains = new Dictionary<Pseudonym, (long Version, Hash256 Hash)>();
        var page = new List<StoredEntry>();
        long position = 0;
        while (position < source.Position)
        {
            IReadOnlyList<StoredEntry> read = await from.ReadBlockAsync(
                block, position, EntriesPerPage, cancellationToken);
            if (read.Count == 0) throw new BrokenLedgerException(block, position + 1, "it is missing in the store.");

            foreach (StoredEntry entry in read)
            {
                if (page.Count >= _entriesPerAppend)
                {
                    int before = page.FindLastIndex(earlier => !IsOneCommand(earlier, entry)) + 1;
                    await AppendAsync(block, page, before, source.RecordedAt, cancellationToken);
                }

                (long version, Hash256 hash) =
                    chains.GetValueOrDefault(entry.Tag, (0, Chain.Start(block, entry.Tag)));
                EntryReader.VerifyFollows(block, entry, version, hash);
                chains[entry.Tag] = (entry.Version, entry.Hash);
                position = entry.Position;
                Interlocked.Increment(ref _entries);
                if (position > there.Position) page.Add(entry);
                else if (position == there.Position && entry.Hash != there.Hash) throw Another(block, position);
            }
        }

        await AppendAsync(block, page, page.Count, source.RecordedAt, cancellationToken);
        Interlocked.Increment(ref _blocks);
    }

    /// <summary>They were appended together, and a store that knows the command would take no second part.</summary>
    private static bool IsOneCommand(StoredEntry earlier, StoredEntry next) =>
        next.Command is { } command && earlier.Command == command;

    /// <param name="page">Loses the first <paramref name="count"/>, once they are there.</param>
    /// <param name="recordedAt">Of the whole block: what is inside the entries only their key tells.</param>
    private async Task AppendAsync(
        NumberBlock block, List<StoredEntry> page, int count, DateTimeOffset recordedAt,
        CancellationToken cancellationToken)
    {
        if (count == 0) return;

        List<StoredEntry> some = page[..count];
        var append = new Append(
            block,
            [.. some.GroupBy(entry => entry.Tag).Select(tag => new ExpectedVersion(tag.Key, tag.First().Version - 1))],
            [
                .. some.Select(entry => new NewEntry(
                    entry.Tag, entry.Version, entry.Salt, entry.Sealed, entry.Hash, entry.Command)),
            ],
            recordedAt);
        AppendResult result = await to.AppendAsync(append, cancellationToken);
        if (result.Outcome is not AppendOutcome.Appended || result.Head.Position != some[^1].Position)
        {
            throw Another(block, some[0].Position);
        }

        Interlocked.Add(ref _copied, count);
        page.RemoveRange(0, count);
    }

    private static BrokenLedgerException Another(NumberBlock block, long position) =>
        new(block, position, "another entry stands here in the store that is copied to.");
}
