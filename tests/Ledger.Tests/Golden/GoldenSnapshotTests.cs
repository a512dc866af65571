using System.Security.Cryptography;

namespace NumberLedger.Ledger.Tests;

/// <summary>
/// What an index holds, and what it means, changes only together with the number of the snapshots' format: an older
/// release's snapshots would otherwise answer by its rules.
/// </summary>
/// <remarks>
/// The histories are drawn by a generator of this file, so that nothing but the rules can change the bytes. When the
/// test fails because rules or layouts were changed on purpose, raise <see cref="SnapshotCodec.Format"/>, and write the
/// new hash beside it.
/// </remarks>
public sealed class GoldenSnapshotTests
{
    private const byte FormatOfHash = 1;
    private const string HashOfSnapshots = "3989fc4d6fc547a14cd452e3f5485a99f430bbd54fe94bed54246df131033517";

    [Fact]
    public void Snapshots_of_these_histories_have_not_changed_without_their_format()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (BlockStory story in Stories())
        {
            var index = new BlockIndex(story.Block);
            index.Put(story.Ranges());
            foreach (ushort offset in story.Offsets) index.Put(offset, story.StateOf(offset));
            hash.AppendData(SnapshotCodec.Encode(index).AsSpan(1)); // Without the format.
        }

        string found = Convert.ToHexStringLower(hash.GetHashAndReset());
        Assert.True(
            SnapshotCodec.Format == FormatOfHash && found == HashOfSnapshots,
            $"Format {SnapshotCodec.Format} gives {found}.");
    }

    private static IEnumerable<BlockStory> Stories()
    {
        yield return GoldenEntries.Story;
        yield return Crowded();
        var dice = new Dice(20_260_801);
        for (int i = 0; i < 300; i++)
        {
            NumberBlock block = dice.Of(BlockStory.China, BlockStory.America, BlockStory.Germany);
            yield return Histories.Tell(
                block, [.. Enumerable.Range(0, dice.Below(40)).Select(_ => dice.Happened(block))]);
        }
    }

    /// <summary>Enough numbers for every form of a table.</summary>
    private static BlockStory Crowded()
    {
        var dice = new Dice(7);
        return Histories.Tell(BlockStory.China, [.. Enumerable.Range(0, 2_000).Select(i =>
        {
            (ushort offset, LedgerEvent happened) = dice.Happened(BlockStory.China);
            return offset == EntryContent.NoOffset ? (offset, happened) : ((ushort)(i * 4), happened);
        })]);
    }

    /// <summary>Numerical Recipes' generator: its high bits are good enough, and nobody will change them.</summary>
    private sealed class Dice(uint seed)
    {
        private uint _state = seed;

        public int Below(int limit)
        {
            _state = (_state * 1_664_525u) + 1_013_904_223u;
            return (int)(_state >> 12) % limit;
        }

        public T Of<T>(params ReadOnlySpan<T> all) => all[Below(all.Length)];

        public (ushort Offset, LedgerEvent Event) Happened(NumberBlock block)
        {
            if (Below(7) == 0) return (EntryContent.NoOffset, Range());

            LedgerEvent happened = Below(15) switch
            {
                < 8 => Report(),
                < 11 => Bound(block),
                < 12 => new LedgerEvent.Released(Of(Histories.Lenders)),
                _ => new LedgerEvent.OptedOut(
                    Below(4) == 0 ? null : Of(Histories.Lenders), SomePurposes(), Instant(), "someone"),
            };
            return (Of(Histories.Offsets), happened);
        }

        private LedgerEvent.CarrierReport Report()
        {
            var kind = (CarrierEventKind)(1 + Below(8));
            bool retracts = kind is CarrierEventKind.Retracted;
            return new(
                kind, Of(Histories.Carriers), $"e{Below(9)}", retracts ? null : Of(Histories.Calendar), null,
                retracts ? $"e{Below(9)}" : null);
        }

        private LedgerEvent.Bound Bound(NumberBlock block)
        {
            DateTimeOffset at = Instant();
            return new(
                Of(Histories.Lenders), (BindingRole)(1 + Below(3)), SomePurposes(), at,
                Country.Of(block).ConsentDay(at), Below(3) == 0 ? Instant() : null, null);
        }

        private LedgerEvent Range()
        {
            var first = (byte)Below(10);
            var last = (byte)(first + Below(10 - first));
            return Below(4) == 0
                ? new LedgerEvent.RangeEnded(Of(Histories.Carriers), first, last)
                : new LedgerEvent.RangeSet(Of(Histories.Carriers), first, last, Of(Histories.Calendar));
        }

        private Purposes SomePurposes() => (Purposes)(1 + Below(15));

        private DateTimeOffset Instant() => new(
            Of(Histories.Calendar).ToDateTime(TimeOnly.MinValue).AddMinutes(Below(1_440)),
            TimeSpan.FromHours(Of(-10, -5, 0, 8, 14)));
    }
}
