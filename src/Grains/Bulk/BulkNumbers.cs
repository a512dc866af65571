namespace NumberLedger.Grains;

/// <summary>
/// The numbers of a group in the order of their pseudonyms, in which the store finds and writes them page by page.
/// </summary>
/// <param name="Tags">The block's own record first, then the numbers.</param>
/// <param name="Rows">Of each number: where its rows begin in the group, and how many there are.</param>
internal sealed record BulkNumbers(Pseudonym[] Tags, (int First, int Count)[] Rows)
{
    public Pseudonym Own => Tags[0];

    public static BulkNumbers Of(BulkGroup group, IBulkRows rows, Sealer sealer)
    {
        ReadOnlySpan<int> places = group.Rows.Span;
        var tags = new UInt128[places.Length];
        var ofNumbers = new (int First, int Count)[places.Length];
        int count = 0;
        for (int start = 0, end; start < places.Length; start = end)
        {
            end = BulkGroup.EndOfNumber(rows, places, start);
            tags[count] = sealer.TagOf(rows.NumberAt(places[start])).Value;
            ofNumbers[count++] = (start, end - start);
        }

        Array.Sort(tags, ofNumbers, 0, count);
        var all = new Pseudonym[count + 1];
        all[0] = sealer.TagOf(group.Block);
        for (int i = 0; i < count; i++) all[i + 1] = new Pseudonym(tags[i]);
        return new BulkNumbers(all, ofNumbers[..count]);
    }
}

/// <summary>What is stored of a group's numbers, and of the ranges of their block.</summary>
/// <param name="Numbers">In the order of <see cref="BulkNumbers.Rows"/>; null: nothing yet.</param>
internal sealed record BulkStates(BlockRanges Ranges, NumberState?[] Numbers)
{
    /// <param name="stored">The entries of all tags, as the store gave them: tag after tag, in the order asked.</param>
    /// <exception cref="BrokenLedgerException">They are not what was written.</exception>
    public static BulkStates Of(
        NumberBlock block, Sealer sealer, BulkNumbers numbers, IReadOnlyList<StoredEntry> stored)
    {
        int at = 0;
        BlockRanges ranges = BlockFold.FoldRanges(block, sealer, Take(numbers.Own));
        var states = new NumberState?[numbers.Rows.Length];
        for (int i = 0; i < states.Length && at < stored.Count; i++)
        {
            Pseudonym tag = numbers.Tags[i + 1];
            if (stored[at].Tag == tag) states[i] = BlockFold.FoldNumber(block, sealer, tag, Take(tag)).State;
        }

        return at == stored.Count
            ? new BulkStates(ranges, states)
            : throw new BrokenLedgerException(block, stored[at].Position, "an entry was read that nobody asked for.");

        IEnumerable<StoredEntry> Take(Pseudonym tag)
        {
            for (; at < stored.Count && stored[at].Tag == tag; at++) yield return stored[at];
        }
    }

    /// <summary>The latest time in anything that was read.</summary>
    public DateTimeOffset RecordedAt()
    {
        DateTimeOffset latest = Ranges.RecordedAt;
        foreach (NumberState? state in Numbers)
        {
            if (state?.RecordedAt > latest) latest = state.RecordedAt;
        }

        return latest;
    }
}
