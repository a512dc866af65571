using CsCheck;
using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

public sealed class CarrierRulesTests
{
    private const string A = ANumber.Carrier;
    private const string B = ANumber.OtherCarrier;
    private static readonly DateOnly Today = Mar(10);

    [Fact]
    public void A_right_to_speak_is_judged_as_by_the_oracle() => Histories.StoryOfOneNumber(14).Sample(story =>
    {
        OracleRecord record = story.RecordOf(0);
        NumberState state = story.StateOf(0);
        foreach (string carrier in Histories.Carriers)
        {
            foreach (DateOnly day in Histories.Calendar)
            {
                Assert.Equal(
                    OracleCoverage.MaySpeak(record, carrier, day),
                    CarrierRules.MaySpeak(state, record.Range?.Carrier, carrier, day));
            }
        }
    }, iter: 5_000);

    [Fact]
    public void A_report_is_judged_as_by_the_oracle() => Gen.Select(
        Histories.StoryOfOneNumber(14), Histories.Report.Array[8], Histories.Day)
        .Sample((story, reports, today) =>
        {
            foreach (LedgerEvent.CarrierReport report in reports.Cast<LedgerEvent.CarrierReport>())
            {
                OracleRecord record = story.RecordOf(0);
                (Refusal? refusal, bool duplicate) = OracleCarriers.Judge(record, report, today);
                Decision decision = CarrierRules.Report(story.StateOf(0), record.Range?.Carrier, report, today);

                Assert.Equal(refusal, decision.Refusal);
                Assert.Equal(refusal is null && !duplicate ? report : null, decision.Happened);
            }
        }, iter: 10_000);

    [Fact]
    public void The_carrier_of_the_range_speaks_for_the_number() =>
        AssertRecorded(ANumber.Covered, Disconnected(A, Mar(1)));

    [Fact]
    public void Nobody_else_does() =>
        Assert.Equal(Refusal.NumberNotHeld, Judge(ANumber.Covered, Disconnected(B, Mar(1))));

    [Fact]
    public void Outside_all_ranges_nobody_speaks_but_a_carrier_that_a_port_in_gave_the_number()
    {
        Assert.Equal(Refusal.NumberNotHeld, Judge(ANumber.Uncovered, Disconnected(B, Mar(1))));

        ANumber ported = ANumber.Uncovered.PortedIn(Mar(1));
        AssertRecorded(ported, Disconnected(B, Mar(1)));
        Assert.Equal(Refusal.NumberNotHeld, Judge(ported, Disconnected(B, Feb(28))));
    }

    [Fact]
    public void A_port_in_is_taken_on_the_new_carriers_word_and_adds_a_right()
    {
        AssertRecorded(ANumber.Covered, Report(CarrierEventKind.PortedIn, B, Mar(1)));

        ANumber ported = ANumber.Covered.PortedIn(Mar(1));
        AssertRecorded(ported, Disconnected(B, Mar(2)));
        AssertRecorded(ported, Disconnected(A, Mar(2)));
    }

    [Fact]
    public void Only_the_holders_own_port_out_ends_a_right_after_its_day()
    {
        ANumber ported = ANumber.Covered.PortedIn(Mar(1)).PortedOut(Mar(1));

        AssertRecorded(ported, Disconnected(A, Mar(1)));
        Assert.Equal(Refusal.NumberNotHeld, Judge(ported, Disconnected(A, Mar(2))));
        AssertRecorded(ported, Disconnected(B, Mar(2)));
    }

    [Fact]
    public void A_permanent_disconnect_ends_ports_and_the_ranges_carrier_speaks_again()
    {
        ANumber ended = ANumber.Covered.PortedIn(Mar(1)).PortedOut(Mar(1)).Disconnected(Mar(5), B);

        AssertRecorded(ended, Report(CarrierEventKind.Reassigned, A, Mar(5)));
        AssertRecorded(ended, Report(CarrierEventKind.SimChanged, B, Mar(5)));
        Assert.Equal(Refusal.NumberNotHeld, Judge(ended, Report(CarrierEventKind.Reassigned, B, Mar(6))));
        Assert.Equal(Refusal.NumberNotHeld, Judge(ended, Disconnected(A, Mar(4))));
    }

    [Fact]
    public void A_right_lost_by_a_port_comes_back_with_a_port_in_or_a_retraction()
    {
        ANumber left = ANumber.Covered.PortedOut(Mar(1), id: "left");

        Assert.Equal(Refusal.NumberNotHeld, Judge(left, Disconnected(A, Mar(3))));
        AssertRecorded(left.PortedIn(Mar(2), A), Disconnected(A, Mar(3)));
        AssertRecorded(left.Retracted("left"), Disconnected(A, Mar(3)));
    }

    [Fact]
    public void Events_before_tracked_since_are_recorded() =>
        AssertRecorded(ANumber.Uncovered.InRange(A, Mar(9)), Disconnected(A, Jan(1)));

    [Fact]
    public void A_day_later_than_tomorrow_is_refused_and_tomorrow_counts_at_once()
    {
        Assert.Equal(Refusal.EffectiveInFuture, Judge(ANumber.Covered, Disconnected(A, Today.AddDays(2))));
        AssertRecorded(ANumber.Covered, Disconnected(A, Today.AddDays(1)));

        ANumber announced = ANumber.Covered.Bound(Jan(5)).Disconnected(Today.AddDays(1));
        Assert.Equal(Reasons.Aging, announced.Check(now: Noon(Today)).Reasons);
        ANumber given = ANumber.Covered.Bound(Jan(5)).Reassigned(Today.AddDays(1));
        Assert.Equal(Reasons.Reassigned, given.Check(now: Noon(Today)).Reasons);
    }

    [Fact]
    public void A_day_before_the_calendar_is_refused() => Assert.Equal(
        Refusal.EffectiveTooEarly, Judge(ANumber.Covered, Disconnected(A, Days.First.AddDays(-1))));

    [Fact]
    public void The_same_event_again_is_a_duplicate_and_another_under_its_id_is_refused()
    {
        ANumber told = ANumber.Covered.Disconnected(Mar(1), id: "e1");

        Assert.Null(CarrierRules.Report(told.State, A, Disconnected(A, Mar(1)), Today).Happened);
        Assert.Null(Judge(told, Disconnected(A, Mar(1))));
        Assert.Equal(Refusal.EventIdReused, Judge(told, Disconnected(A, Mar(2))));
        Assert.Equal(Refusal.EventIdReused, Judge(told, Report(CarrierEventKind.Reassigned, A, Mar(1))));
        Assert.Equal(Refusal.EventIdReused, Judge(told, Disconnected(A, Mar(1)) with { OtherCarrier = B }));
        AssertRecorded(told.PortedIn(Mar(1)), Disconnected(B, Mar(1)));
    }

    [Fact]
    public void A_duplicate_is_one_even_after_the_right_is_lost() => Assert.Null(Judge(
        ANumber.Covered.Disconnected(Mar(1), id: "e1").PortedOut(Mar(2)).RangeEnded(), Disconnected(A, Mar(1))));

    [Fact]
    public void A_carrier_retracts_what_it_said_even_after_its_right_is_lost() =>
        AssertRecorded(ANumber.Covered.Disconnected(Mar(1), id: "e1").PortedOut(Mar(2)), Retracted(A, "r1", "e1"));

    [Fact]
    public void A_retraction_may_arrive_before_what_it_names()
    {
        AssertRecorded(ANumber.Covered, Retracted(A, "r1", "later"));

        ANumber told = ANumber.Covered.Bound(Jan(5)).Retracted("later").Disconnected(Mar(1), id: "later");
        Assert.Equal(Verdict.Allow, told.Check().Verdict);
    }

    [Fact]
    public void A_retraction_of_nothing_is_refused_from_a_carrier_that_has_nothing_to_do_with_the_number() =>
        Assert.Equal(Refusal.NumberNotHeld, Judge(ANumber.Covered, Retracted(B, "r1", "e1")));

    [Fact]
    public void A_retraction_cannot_itself_be_retracted()
    {
        ANumber told = ANumber.Covered.Bound(Jan(5)).Disconnected(Mar(1), id: "e1").Retracted("e1", ownId: "r1");
        Assert.Equal(Refusal.RetractionNotRetractable, Judge(told, Retracted(A, "r2", "r1")));

        // Said before what it names: recorded, and never acts.
        ANumber before = ANumber.Covered.Bound(Jan(5)).Disconnected(Mar(1), id: "e1")
            .Retracted("r1", ownId: "r2").Retracted("e1", ownId: "r1");
        Assert.Equal(Verdict.Allow, before.Check().Verdict);
    }

    [Fact]
    public void The_fact_that_a_retraction_took_away_is_told_again_under_a_new_id()
    {
        ANumber retracted = ANumber.Covered.Bound(Jan(5)).Disconnected(Mar(1), id: "e1").Retracted("e1");

        Assert.Equal(Verdict.Allow, retracted.Check().Verdict);
        Assert.Equal(Verdict.Allow, retracted.Disconnected(Mar(1), id: "e1").Check().Verdict);
        Assert.Equal(Reasons.Disconnected, retracted.Disconnected(Mar(1), id: "e2").Check().Reasons);
    }

    [Fact]
    public void Another_carriers_event_of_the_same_id_is_not_retracted() => Assert.Equal(
        Reasons.Disconnected,
        ANumber.Covered.Bound(Jan(5)).PortedIn(Feb(1), B).Disconnected(Mar(1), B, "e1").Retracted("e1", A).Check()
            .Reasons);

    private static LedgerEvent.CarrierReport Disconnected(string carrier, DateOnly on) =>
        Report(CarrierEventKind.Disconnected, carrier, on);

    private static LedgerEvent.CarrierReport Report(CarrierEventKind kind, string carrier, DateOnly on) =>
        new(kind, carrier, "e1", on, null, null);

    private static LedgerEvent.CarrierReport Retracted(string carrier, string id, string retracts) =>
        new(CarrierEventKind.Retracted, carrier, id, null, null, retracts);

    private static Refusal? Judge(ANumber number, LedgerEvent.CarrierReport report) =>
        CarrierRules.Report(number.State, number.Record.Range?.Carrier, report, Today).Refusal;

    private static void AssertRecorded(ANumber number, LedgerEvent.CarrierReport report) =>
        Assert.Equal(report, CarrierRules.Report(number.State, number.Record.Range?.Carrier, report, Today).Happened);
}
