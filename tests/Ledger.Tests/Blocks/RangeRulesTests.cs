using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

public sealed class RangeRulesTests
{
    private static readonly BlockRanges Empty = BlockRanges.Start(BlockStory.China, default);
    private static readonly LedgerEvent.RangeSet Lower = new("carrier-a", 0, 4, Jan(1));

    [Fact]
    public void A_range_is_set_where_nobody_reports() => Assert.Equal(Lower, RangeRules.Set(Empty, Lower).Happened);

    [Fact]
    public void An_equal_repeat_is_nothing_to_do()
    {
        BlockRanges ranges = Then(Empty, Lower);

        Assert.Equal(Decision.NothingToDo, RangeRules.Set(ranges, Lower));
        Assert.Equal(Decision.NothingToDo, RangeRules.Set(ranges, Lower with { FirstThousand = 2, LastThousand = 3 }));
    }

    [Fact]
    public void Another_carriers_range_must_not_overlap()
    {
        BlockRanges ranges = Then(Empty, Lower);

        Assert.Equal(Refusal.RangeOverlaps, RangeRules.Set(ranges, new("carrier-b", 4, 9, Jan(1))).Refusal);
        Assert.Equal(Refusal.RangeOverlaps, RangeRules.Set(ranges, new("carrier-b", 0, 9, Jan(1))).Refusal);
        Assert.NotNull(RangeRules.Set(ranges, new("carrier-b", 5, 9, Jan(1))).Happened);
    }

    [Fact]
    public void A_carrier_changes_its_own_range_at_will()
    {
        BlockRanges ranges = Then(Empty, Lower);

        LedgerEvent.RangeSet wider = Lower with { LastThousand = 9 };
        Assert.Equal(wider, RangeRules.Set(ranges, wider).Happened);
        LedgerEvent.RangeSet later = Lower with { TrackedSince = Feb(1) };
        Assert.Equal(later, RangeRules.Set(ranges, later).Happened);
    }

    [Fact]
    public void A_range_ends_for_the_carrier_that_has_it()
    {
        BlockRanges ranges = Then(Empty, Lower);

        Assert.Equal(Decision.NothingToDo, RangeRules.End(ranges, new("carrier-b", 0, 9)));
        Assert.Equal(Decision.NothingToDo, RangeRules.End(ranges, new("carrier-a", 5, 9)));
        var end = new LedgerEvent.RangeEnded("carrier-a", 4, 9);
        Assert.Equal(end, RangeRules.End(ranges, end).Happened);

        ranges = Then(ranges, end);
        Assert.Equal(new RangeShare("carrier-a", Jan(1)), ranges.At(3_999));
        Assert.Null(ranges.At(4_000));
    }

    /// <summary>A day that the index cannot hold would make the block unreadable, once and for all.</summary>
    [Fact]
    public void A_day_outside_of_the_calendar_is_refused()
    {
        Assert.Equal(
            Refusal.EffectiveTooEarly,
            RangeRules.Set(Empty, Lower with { TrackedSince = Days.First.AddDays(-1) }).Refusal);
        Assert.Equal(
            Refusal.EffectiveInFuture,
            RangeRules.Set(Empty, Lower with { TrackedSince = Days.Last.AddDays(1) }).Refusal);
        Assert.NotNull(RangeRules.Set(Empty, Lower with { TrackedSince = Days.First }).Happened);
        Assert.NotNull(RangeRules.Set(Empty, Lower with { TrackedSince = Days.Last }).Happened);
    }

    private static BlockRanges Then(BlockRanges ranges, LedgerEvent happened) => ranges.Apply(new LedgerEntry(
        1, default, ranges.Version + 1, default, null, new(Noon(Jan(1)), EntryContent.NoOffset, happened)));
}
