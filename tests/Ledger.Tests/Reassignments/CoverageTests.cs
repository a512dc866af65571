using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

public sealed class CoverageTests
{
    private static readonly Answer Unknown = new(Verdict.Unknown, Reasons.NoCoverage, Advisories.None);

    [Fact]
    public void Outside_all_ranges_the_ledger_knows_nothing_and_says_so() =>
        Assert.Equal(Unknown, ANumber.Uncovered.Bound(Jan(5)).Check());

    [Fact]
    public void The_record_speaks_from_the_day_since_which_it_is_complete()
    {
        ANumber number = ANumber.Uncovered.InRange(ANumber.Carrier, Feb(1));

        Assert.Equal(Unknown, number.Check(consentedOn: Jan(31)));
        Assert.Equal(Verdict.Allow, number.Check(consentedOn: Feb(1)).Verdict);
    }

    [Fact]
    public void Before_that_day_the_record_still_speaks_of_what_is_known_to_be_dead()
    {
        ANumber number = ANumber.Uncovered.InRange(ANumber.Carrier, Jun(1)).Disconnected(Feb(1)).Reassigned(May(20));

        Assert.Equal(Reasons.Reassigned, number.Check(consentedOn: Jan(5)).Reasons);
        Assert.Equal(Reasons.Reassigned, number.Check(consentedOn: Mar(5)).Reasons);
        Assert.Equal(Reasons.NoCoverage, number.Check(consentedOn: May(20)).Reasons);
    }

    [Fact]
    public void An_ended_range_leaves_nothing_to_stand_on() =>
        Assert.Equal(Unknown, ANumber.Covered.Bound(Jan(5)).RangeEnded().Check());

    [Fact]
    public void A_range_ended_by_another_carrier_stands() =>
        Assert.Equal(Verdict.Allow, ANumber.Covered.Bound(Jan(5)).RangeEnded("carrier-z").Check().Verdict);

    [Fact]
    public void A_port_to_a_carrier_that_does_not_report_ends_coverage_for_every_day()
    {
        ANumber number = ANumber.Covered.PortedOut(Mar(1));

        Assert.Equal(Reasons.NoCoverage, number.Check(consentedOn: Jan(5)).Reasons);
        Assert.Equal(Reasons.NoCoverage, number.Check(consentedOn: Apr(5)).Reasons);
    }

    [Fact]
    public void A_port_to_a_carrier_that_reports_changes_nothing_for_the_holder()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5)).PortedOut(Mar(1)).PortedIn(Mar(1));

        Assert.Equal(new(Verdict.Allow, Reasons.None, Advisories.None), number.Check());
        Assert.Equal(ANumber.OtherCarrier, Coverage.Of(new(ANumber.Carrier, Jan(1)), number.Timeline).Carrier);
    }

    [Fact]
    public void A_permanent_disconnect_gives_a_number_back_to_its_ranges_carrier()
    {
        ANumber number = ANumber.Covered.PortedOut(Mar(1)).Disconnected(Mar(5)).Reassigned(Jun(30));

        Assert.Equal(Verdict.Allow, number.Check(consentedOn: Jun(30)).Verdict);
        Assert.Equal(ANumber.Carrier, Coverage.Of(new(ANumber.Carrier, Jan(1)), number.Timeline).Carrier);
    }

    [Fact]
    public void In_no_range_coverage_begins_with_the_port_in_and_ends_with_the_disconnect()
    {
        ANumber ported = ANumber.Uncovered.PortedIn(Mar(1));

        Assert.Equal(Reasons.NoCoverage, ported.Check(consentedOn: Feb(28)).Reasons);
        Assert.Equal(Verdict.Allow, ported.Check(consentedOn: Mar(1)).Verdict);

        ANumber recycled = ported.Disconnected(Mar(9), ANumber.OtherCarrier).Reassigned(Jun(20), ANumber.OtherCarrier);
        Assert.Equal(Reasons.NoCoverage, recycled.Check(consentedOn: Jun(21)).Reasons);
    }

    [Fact]
    public void In_no_range_a_chain_of_ports_is_covered_from_its_first()
    {
        ANumber number = ANumber.Uncovered.PortedIn(Mar(1), "carrier-b").PortedOut(Apr(1), "carrier-b")
            .PortedIn(Apr(1), "carrier-c");

        Assert.Equal(Verdict.Allow, number.Check(consentedOn: Mar(1)).Verdict);
    }

    /// <summary>
    /// While the number was with a carrier that does not report, it may have been taken back and given to someone else.
    /// </summary>
    [Fact]
    public void In_no_range_a_gap_between_ports_begins_coverage_anew()
    {
        ANumber number = ANumber.Uncovered.PortedIn(Mar(1), "carrier-b").PortedOut(Apr(1), "carrier-b")
            .PortedIn(Jun(1), "carrier-c");

        Assert.Equal(Reasons.NoCoverage, number.Check(consentedOn: Mar(1)).Reasons);
        Assert.Equal(Reasons.NoCoverage, number.Check(consentedOn: May(1)).Reasons);
        Assert.Equal(Verdict.Allow, number.Check(consentedOn: Jun(1)).Verdict);
    }

    [Fact]
    public void A_retracted_port_never_was() =>
        Assert.Equal(
            Verdict.Allow, ANumber.Covered.Bound(Jan(5)).PortedOut(Mar(1), id: "p").Retracted("p").Check().Verdict);
}
