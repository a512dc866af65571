namespace NumberLedger;

/// <summary>From stored entries to what they say, each chain verified on the way.</summary>
public static class BlockFold
{
    /// <summary>Everything that a block's entries say, by tag.</summary>
    /// <param name="Numbers">
    /// Numbers by pseudonym; offset <see cref="EntryContent.NoOffset"/> if all of its entries are erased.
    /// </param>
    public sealed record Block(
        BlockHead Head, BlockRanges Ranges, IReadOnlyDictionary<Pseudonym, (ushort Offset, NumberState State)> Numbers);

    /// <summary>What the latest entries of a block changed: numbers and ranges as they are at its head.</summary>
    /// <param name="Ranges">Null: as they were.</param>
    public sealed record Tail(
        BlockHead Head, BlockRanges? Ranges, IReadOnlyList<(ushort Offset, NumberState State)> Numbers);

    /// <param name="entries">All entries of the block, in position order.</param>
    /// <exception cref="BrokenLedgerException">A gap, a broken chain, or bytes that do not open.</exception>
    public static Block Fold(NumberBlock block, Sealer sealer, IReadOnlyList<StoredEntry> entries)
    {
        VerifyPositions(block, entries, after: 0);
        Pseudonym own = sealer.TagOf(block);
        var ranges = BlockRanges.Start(block, own);
        var numbers = new Dictionary<Pseudonym, (ushort Offset, NumberState State)>();
        DateTimeOffset recordedAt = default;
        foreach (StoredEntry stored in entries)
        {
            LedgerEntry entry;
            if (stored.Tag == own)
            {
                EntryReader.VerifyFollows(block, stored, ranges.Version, ranges.Hash);
                entry = sealer.Read(block, stored);
                ranges = ranges.Apply(entry);
            }
            else
            {
                if (!numbers.TryGetValue(stored.Tag, out (ushort Offset, NumberState State) known))
                {
                    known = (EntryContent.NoOffset, NumberState.Start(block, stored.Tag));
                }

                EntryReader.VerifyFollows(block, stored, known.State.Version, known.State.Hash);
                entry = sealer.Read(block, stored);
                numbers[stored.Tag] = (entry.Content?.Offset ?? known.Offset, known.State.Apply(entry));
            }

            if (entry.Content?.RecordedAt > recordedAt) recordedAt = entry.Content.RecordedAt;
        }

        return new Block(HeadOf(entries, recordedAt), ranges, numbers);
    }

    public static BlockIndex ToIndex(this Block folded, NumberBlock block)
    {
        var index = new BlockIndex(block);
        index.Put(folded.Ranges);
        // Ascending: a table that grows at its end moves nothing.
        foreach ((ushort offset, NumberState state) in folded.Numbers.Values.OrderBy(number => number.Offset))
        {
            if (offset != EntryContent.NoOffset) index.Put(offset, state);
        }

        index.MoveTo(folded.Head);
        return index;
    }

    /// <summary>What the entries after an index's head change in it. The index itself is not touched.</summary>
    /// <param name="known">The index's head.</param>
    /// <param name="entries">The entries after it, in position order.</param>
    /// <param name="ofTags">
    /// All entries of the tags in <paramref name="entries"/>; those past its last position are ignored.
    /// </param>
    /// <exception cref="BrokenLedgerException">As for <see cref="Fold"/>.</exception>
    public static Tail FoldTail(
        NumberBlock block, Sealer sealer, BlockHead known, IReadOnlyList<StoredEntry> entries,
        IReadOnlyList<StoredEntry> ofTags)
    {
        if (entries.Count == 0) return new Tail(known, null, []);

        VerifyPositions(block, entries, known.Position);
        long last = entries[^1].Position;
        IEnumerable<(long, Hash256)> news = ofTags
            .Where(entry => entry.Position > known.Position && entry.Position <= last)
            .OrderBy(entry => entry.Position)
            .Select(entry => (entry.Position, entry.Hash));
        if (!news.SequenceEqual(entries.Select(entry => (entry.Position, entry.Hash))))
        {
            throw new BrokenLedgerException(block, last, "the block and its tags do not hold the same entries.");
        }

        Pseudonym own = sealer.TagOf(block);
        DateTimeOffset recordedAt = known.RecordedAt;
        BlockRanges? ranges = null;
        var numbers = new List<(ushort Offset, NumberState State)>();
        IEnumerable<StoredEntry> upToLast = ofTags.Where(entry => entry.Position <= last);
        foreach (IGrouping<Pseudonym, StoredEntry> tag in upToLast.GroupBy(entry => entry.Tag))
        {
            if (tag.Key == own)
            {
                ranges = FoldRanges(block, sealer, tag);
                if (ranges.RecordedAt > recordedAt) recordedAt = ranges.RecordedAt;
                continue;
            }

            (ushort offset, NumberState state) = FoldNumber(block, sealer, tag.Key, tag);
            if (state.RecordedAt > recordedAt) recordedAt = state.RecordedAt;
            if (offset != EntryContent.NoOffset) numbers.Add((offset, state));
        }

        return new Tail(HeadOf(entries, recordedAt), ranges, numbers);
    }

    /// <summary>
    /// Brings an index up to date. Everything was verified before: nothing fails, so no question sees half of it.
    /// </summary>
    public static void Put(this BlockIndex index, Tail tail)
    {
        if (tail.Ranges is { } ranges) index.Put(ranges);
        foreach ((ushort offset, NumberState state) in tail.Numbers) index.Put(offset, state);
        index.MoveTo(tail.Head);
    }

    /// <param name="entries">All entries of the number, in version order.</param>
    public static (ushort Offset, NumberState State) FoldNumber(
        NumberBlock block, Sealer sealer, Pseudonym tag, IEnumerable<StoredEntry> entries)
    {
        ushort offset = EntryContent.NoOffset;
        var state = NumberState.Start(block, tag);
        foreach (StoredEntry stored in entries)
        {
            EntryReader.VerifyFollows(block, stored, state.Version, state.Hash);
            LedgerEntry entry = sealer.Read(block, stored);
            state = state.Apply(entry);
            offset = entry.Content?.Offset ?? offset;
        }

        return (offset, state);
    }

    /// <param name="entries">All entries of the block's own record, in version order.</param>
    public static BlockRanges FoldRanges(NumberBlock block, Sealer sealer, IEnumerable<StoredEntry> entries)
    {
        var ranges = BlockRanges.Start(block, sealer.TagOf(block));
        foreach (StoredEntry stored in entries)
        {
            EntryReader.VerifyFollows(block, stored, ranges.Version, ranges.Hash);
            ranges = ranges.Apply(sealer.Read(block, stored));
        }

        return ranges;
    }

    public static void VerifyPositions(NumberBlock block, IReadOnlyList<StoredEntry> entries, long after)
    {
        foreach (StoredEntry entry in entries)
        {
            if (entry.Position != ++after) throw new BrokenLedgerException(block, after, "no entry stands here.");
        }
    }

    private static BlockHead HeadOf(IReadOnlyList<StoredEntry> entries, DateTimeOffset recordedAt) =>
        entries.Count == 0 ? default : new BlockHead(entries[^1].Position, entries[^1].Hash, recordedAt);
}
