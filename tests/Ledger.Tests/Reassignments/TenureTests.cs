using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

/// <summary>Days and instants: which consents are dead, and which refusals count.</summary>
public sealed class TenureTests
{
    [Fact]
    public void A_consent_on_the_day_of_the_disconnect_is_dead()
    {
        ANumber number = ANumber.Covered.Disconnected(Feb(10)).Reassigned(Jun(1));

        Assert.Equal(Reasons.Reassigned, number.Check(consentedOn: Feb(9)).Reasons);
        Assert.Equal(Reasons.Reassigned, number.Check(consentedOn: Feb(10)).Reasons);
    }

    [Fact]
    public void A_consent_in_the_aging_gap_is_dead() => Assert.Equal(
        Reasons.Reassigned,
        ANumber.Covered.Disconnected(Feb(10)).Reassigned(Jun(1)).Check(consentedOn: Mar(15)).Reasons);

    [Fact]
    public void A_consent_on_the_day_of_the_reassignment_is_alive() => Assert.Equal(
        Verdict.Allow,
        ANumber.Covered.Disconnected(Feb(10)).Reassigned(Jun(1)).Check(consentedOn: Jun(1)).Verdict);

    [Fact]
    public void Unless_a_disconnect_fell_on_that_day_too() => Assert.Equal(
        Reasons.Reassigned,
        ANumber.Covered.Disconnected(Jun(1)).Reassigned(Jun(1)).Check(consentedOn: Jun(1)).Reasons);

    [Fact]
    public void A_number_disconnected_and_given_on_one_day_is_held() =>
        Assert.Equal(
            Verdict.Allow, ANumber.Covered.Disconnected(Jun(1)).Reassigned(Jun(1)).Check(consentedOn: Jun(2)).Verdict);

    [Fact]
    public void Without_a_reported_disconnect_the_reassignment_kills_all_before_it()
    {
        ANumber number = ANumber.Covered.Reassigned(Jun(1));

        Assert.Equal(Reasons.Reassigned, number.Check(consentedOn: May(31)).Reasons);
        Assert.Equal(Verdict.Allow, number.Check(consentedOn: Jun(1)).Verdict);
    }

    [Fact]
    public void A_late_disconnect_kills_what_was_allowed()
    {
        ANumber allowed = ANumber.Covered.Bound(Jan(5));

        Assert.Equal(Verdict.Allow, allowed.Check().Verdict);
        Assert.Equal(Reasons.Disconnected, allowed.Disconnected(Jan(5)).Check().Reasons);
        Assert.Equal(Reasons.Reassigned, allowed.Reassigned(Mar(1)).Disconnected(Jan(9)).Check().Reasons);
    }

    [Fact]
    public void What_a_retracted_mistake_had_killed_lives_again() => Assert.Equal(
        Verdict.Allow,
        ANumber.Covered.Bound(Jan(5)).Disconnected(Feb(1), id: "x").Reassigned(Jun(1), id: "y")
            .Retracted("x").Retracted("y").Check().Verdict);

    [Fact]
    public void A_consent_that_was_dead_only_for_want_of_a_holder_lives_when_one_is_reported()
    {
        ANumber gap = ANumber.Covered.Disconnected(Feb(10)).Bound(Jun(5));

        Assert.Equal(Reasons.Disconnected, gap.Check().Reasons);
        Assert.Equal(Verdict.Allow, gap.Reassigned(Jun(1)).Check().Verdict);
        Assert.Equal(Reasons.Reassigned, gap.Reassigned(Jun(6)).Check().Reasons);
    }

    [Fact]
    public void Aging_lasts_for_the_countrys_minimum()
    {
        ANumber chinese = ANumber.Covered.Bound(Jan(1)).Disconnected(Feb(1));
        Assert.Equal(Reasons.Aging, chinese.Check(now: Noon(Feb(1).AddDays(89))).Reasons);
        Assert.Equal(Reasons.Disconnected, chinese.Check(now: Noon(Feb(1).AddDays(90))).Reasons);

        ANumber american = ANumber.American.Bound(Jan(1)).Disconnected(Feb(1));
        Assert.Equal(Reasons.Aging, american.Check(now: Noon(Feb(1).AddDays(44))).Reasons);
        Assert.Equal(Reasons.Disconnected, american.Check(now: Noon(Feb(1).AddDays(45))).Reasons);
    }

    [Fact]
    public void A_refusal_belongs_to_its_tenure_and_the_boundary_day_to_both()
    {
        ANumber number = ANumber.Covered.Disconnected(Feb(10)).Reassigned(Jun(1)).Bound(Jun(2));

        Assert.Equal(Verdict.Allow, number.OptedOut(Feb(9)).Check().Verdict);
        Assert.Equal(Reasons.OptedOut, number.OptedOut(Feb(10)).Check().Reasons);
        Assert.Equal(Reasons.OptedOut, number.OptedOut(Mar(15)).Check().Reasons);
        Assert.Equal(Reasons.OptedOut, number.OptedOut(Jun(1)).Check().Reasons);
    }

    [Fact]
    public void The_last_of_several_disconnects_ends_a_tenure() => Assert.Equal(
        Verdict.Allow,
        ANumber.Covered.Disconnected(Feb(10)).Disconnected(Feb(20)).Reassigned(Jun(1)).Bound(Jun(2)).OptedOut(Feb(15))
            .Check().Verdict);

    [Fact]
    public void Without_a_reported_disconnect_a_refusal_counts_from_the_day_before_the_reassignment()
    {
        ANumber number = ANumber.Covered.Reassigned(Jun(1)).Bound(Jun(2));

        Assert.Equal(Verdict.Allow, number.OptedOut(May(30)).Check().Verdict);
        Assert.Equal(Reasons.OptedOut, number.OptedOut(May(31)).Check().Reasons);
    }

    [Fact]
    public void A_disconnect_on_the_day_a_tenure_began_ended_the_one_before_it()
    {
        // Given on 1 May, the day the holder before lost it; taken from that holder on 1 June without a disconnect.
        ANumber number = ANumber.Covered.Disconnected(May(1)).Reassigned(May(1)).Reassigned(Jun(1)).Bound(Jun(2));

        Assert.Equal(Verdict.Allow, number.OptedOut(May(15)).Check().Verdict);
        Assert.Equal(Reasons.OptedOut, number.OptedOut(May(31)).Check().Reasons);
    }

    [Fact]
    public void A_refusal_counts_always_if_there_was_no_tenure_before() => Assert.Equal(
        Reasons.OptedOut, ANumber.Covered.Bound(Jan(5)).OptedOut(new DateOnly(1999, 1, 1)).Check().Reasons);

    [Fact]
    public void Ports_sim_changes_and_suspensions_move_no_tenure()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5)).PortedOut(Feb(1)).PortedIn(Feb(1))
            .Reports(CarrierEventKind.SimChanged, Feb(2), ANumber.OtherCarrier)
            .Reports(CarrierEventKind.Suspended, Feb(3), ANumber.OtherCarrier)
            .Reports(CarrierEventKind.Reactivated, Feb(4), ANumber.OtherCarrier);

        Assert.Equal(Verdict.Allow, number.Check().Verdict);
    }

    /// <summary>A safe-harbour dispute asks exactly this: what was known then, about that day.</summary>
    [Fact]
    public void What_the_ledger_knew_on_one_day_about_another_is_answered_from_the_entries_recorded_until_then()
    {
        ANumber number = ANumber.Covered.Bound(Jan(1));
        DateTimeOffset before = number.State.RecordedAt;
        ANumber told = number.Disconnected(Jan(1));
        DateTimeOffset after = told.State.RecordedAt;
        told = told.Retracted("told-2");

        Assert.Equal(Verdict.Allow, told.AsKnownAt(before).Check(now: before).Verdict);
        Assert.Equal(Reasons.Aging, told.AsKnownAt(after).Check(now: after).Reasons);
        Assert.Equal(Verdict.Allow, told.Check(now: after).Verdict);
    }
}
