using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

public sealed class OptOutRulesTests
{
    private static readonly DateTimeOffset Now = Noon(Mar(10));

    [Fact]
    public void A_refusal_is_recorded_whoever_holds_the_number()
    {
        AssertRecorded(ANumber.Covered, Refused(Noon(Mar(1))));
        AssertRecorded(ANumber.Uncovered, Refused(Noon(Mar(1))));
        AssertRecorded(ANumber.Covered.Disconnected(Feb(1)), Refused(Noon(Mar(1))));
    }

    [Fact]
    public void A_refusal_later_than_now_is_refused_past_five_minutes_of_grace()
    {
        AssertRecorded(ANumber.Covered, Refused(Now.AddMinutes(5)));
        Assert.Equal(
            Refusal.ReceivedInFuture,
            OptOutRules.OptOut(ANumber.Covered.State, Refused(Now.AddMinutes(5).AddTicks(1)), Now).Refusal);
    }

    [Fact]
    public void A_refusal_before_the_calendar_is_refused() => Assert.Equal(
        Refusal.ReceivedTooEarly,
        OptOutRules.OptOut(ANumber.Covered.State, Refused(new(1949, 12, 31, 23, 59, 0, TimeSpan.Zero)), Now).Refusal);

    [Fact]
    public void The_same_day_scope_and_purposes_again_are_nothing_to_do()
    {
        ANumber refused = ANumber.Covered.Says(Refused(Noon(Mar(1))));

        Assert.Equal(
            Decision.NothingToDo,
            OptOutRules.OptOut(refused.State, Refused(Noon(Mar(1)).AddHours(3)) with { ReportedBy = "another" }, Now));
        AssertRecorded(refused, Refused(Noon(Mar(2))));
        AssertRecorded(refused, Refused(Noon(Mar(1))) with { Lender = ANumber.Lender });
        AssertRecorded(refused, Refused(Noon(Mar(1))) with { Purposes = Purposes.Marketing });
    }

    /// <summary>
    /// Late news may move every tenure: the second refusal is what stands when the first turns out to be another's.
    /// </summary>
    [Fact]
    public void A_second_refusal_on_a_later_day_is_recorded_although_the_first_stands()
    {
        ANumber refused = ANumber.Covered.Bound(Mar(5)).OptedOut(Jan(10));
        AssertRecorded(refused, Refused(Noon(Mar(8))));

        ANumber recycled = refused.Reassigned(Mar(1));
        Assert.Equal(Verdict.Allow, recycled.Check().Verdict);
        Assert.Equal(Reasons.OptedOut, recycled.OptedOut(Mar(8)).Check().Reasons);
    }

    [Fact]
    public void A_refusals_day_is_the_day_as_written()
    {
        ANumber number = ANumber.Covered.Disconnected(Jan(20)).Reassigned(Feb(1)).Bound(Feb(2));
        var night = new DateTimeOffset(2026, 1, 20, 23, 0, 0, TimeSpan.FromHours(-10)); // 21 January in China.

        Assert.Equal(Jan(20), OptOutRules.DayOf(Refused(night)));
        Assert.Equal(Reasons.OptedOut, number.Says(Refused(night)).Check().Reasons);
        Assert.Equal(Verdict.Allow, number.Says(Refused(night.AddDays(-1))).Check().Verdict);
    }

    private static LedgerEvent.OptedOut Refused(DateTimeOffset at) => new(null, Purposes.All, at, "operator");

    private static void AssertRecorded(ANumber number, LedgerEvent.OptedOut refusal) =>
        Assert.Equal(refusal, OptOutRules.OptOut(number.State, refusal, Now).Happened);
}
