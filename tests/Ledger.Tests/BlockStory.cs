using System.Buffers.Binary;

namespace NumberLedger.Ledger.Tests;

/// <summary>
/// What was recorded in one block, in the order of recording; the same story for the oracle and the product.
/// </summary>
internal sealed record BlockStory(NumberBlock Block, IReadOnlyList<EntryContent> Contents)
{
    public static readonly NumberBlock China = new(861_380_000);
    public static readonly NumberBlock America = new(1_206_555);
    public static readonly NumberBlock Germany = new(49_151_123);

    public int AgingDaysMin => Block == China ? 90 : Block == America ? 45 : 0;

    public IEnumerable<ushort> Offsets =>
        Contents.Select(content => content.Offset).Where(offset => offset != EntryContent.NoOffset).Distinct();

    /// <summary>The oracle's view of one number.</summary>
    public OracleRecord RecordOf(ushort offset)
    {
        OracleRange? range = null;
        foreach (EntryContent content in Contents)
        {
            int thousand = offset / 1_000;
            if (content.Event is LedgerEvent.RangeSet set && thousand >= set.FirstThousand
                && thousand <= set.LastThousand)
            {
                range = new OracleRange(set.Carrier, set.TrackedSince);
            }

            if (content.Event is LedgerEvent.RangeEnded ended && thousand >= ended.FirstThousand
                && thousand <= ended.LastThousand && range?.Carrier == ended.Carrier)
            {
                range = null;
            }
        }

        return new OracleRecord(
            [.. Contents.Where(c => c.Offset == offset).Select(c => new OracleEntry(c.Event, c.RecordedAt))],
            range,
            AgingDaysMin);
    }

    public NumberState StateOf(ushort offset) => Contents.Where(content => content.Offset == offset)
        .Aggregate(NumberState.Empty, (state, content) => state.Apply(content.Event, content.RecordedAt));

    public BlockRanges Ranges() => Contents.Where(content => content.Offset == EntryContent.NoOffset)
        .Aggregate(BlockRanges.Start(Block, default), (ranges, content) => ranges.Apply(
            new LedgerEntry(0, default, ranges.Version + 1, default, null, content)));

    /// <summary>The story as a store would hold it.</summary>
    public List<StoredEntry> Sealed(Sealer sealer)
    {
        var stored = new List<StoredEntry>();
        var heads = new Dictionary<Pseudonym, (long Version, Hash256 Hash)>();
        byte[] random = [.. Enumerable.Range(1, EntrySealer.RandomBytes).Select(i => (byte)i)];
        foreach (EntryContent content in Contents)
        {
            Pseudonym tag = TagOf(sealer, content.Offset);
            (long version, Hash256 hash) = heads.GetValueOrDefault(tag, (0, Chain.Start(Block, tag)));
            BinaryPrimitives.WriteInt32BigEndian(random, stored.Count + 1);
            NewEntry entry = sealer.Next(Block, tag, version, hash, content, null, random);
            heads[tag] = (entry.Version, entry.Hash);
            stored.Add(new StoredEntry(
                stored.Count + 1, tag, entry.Version, entry.Salt, entry.Sealed, entry.Hash, entry.Command));
        }

        return stored;
    }

    public Pseudonym TagOf(Sealer sealer, ushort offset)
    {
        if (offset == EntryContent.NoOffset) return sealer.TagOf(Block);

        Assert.True(Block.TryNumberAt(offset, out PhoneNumber number));
        return sealer.TagOf(number);
    }

    public override string ToString() => string.Join(Environment.NewLine, Contents.Prepend<object>($"block {Block}"));
}
