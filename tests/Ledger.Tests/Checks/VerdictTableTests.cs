using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

/// <summary>The verdict table, row by row, and what is said together.</summary>
public sealed class VerdictTableTests
{
    private static readonly DateTimeOffset Past = Noon(Feb(1));

    [Fact]
    public void Without_a_binding_and_without_a_consent_of_the_lenders_own_the_answer_is_no_binding()
    {
        Assert.Equal(Alone(Reasons.NoBinding), ANumber.Covered.Check());
        Assert.Equal(Alone(Reasons.NoBinding), ANumber.Covered.Bound(Jan(5)).Check(lender: ANumber.OtherLender));
    }

    /// <summary>No state of the number may be learned by asking without a binding.</summary>
    [Fact]
    public void No_binding_is_said_alone_whatever_is_recorded()
    {
        Assert.Equal(Alone(Reasons.NoBinding), ANumber.Uncovered.Check());
        Assert.Equal(Alone(Reasons.NoBinding), ANumber.Covered.Disconnected(Feb(1)).Check());
        Assert.Equal(Alone(Reasons.NoBinding), ANumber.Covered.Reassigned(Feb(1)).Check());
        Assert.Equal(Alone(Reasons.NoBinding), ANumber.Covered.OptedOut(Feb(1)).Check());
        Assert.Equal(Alone(Reasons.NoBinding), ANumber.Covered.Reports(CarrierEventKind.Suspended, Feb(1)).Check());
    }

    [Fact]
    public void A_number_that_nobody_holds_is_said_alone_whatever_else_applies()
    {
        ANumber number = Everything.Disconnected(Jun(1));

        Assert.Equal(Alone(Reasons.Aging), number.Check(now: Noon(Jun(2))));
        Assert.Equal(Alone(Reasons.Disconnected), number.Check());
        Assert.Equal(Alone(Reasons.Disconnected), number.Check(consentedOn: Jun(5)));
    }

    [Fact]
    public void A_dead_consent_is_said_alone_whatever_else_applies()
    {
        Assert.Equal(Alone(Reasons.Reassigned), Everything.Reassigned(Jun(1)).Check());
        Assert.Equal(Alone(Reasons.Reassigned), ANumber.Uncovered.Reassigned(Jun(1)).Check(consentedOn: Jan(5)));
    }

    [Fact]
    public void A_dead_binding_still_counts_as_one() =>
        Assert.Equal(Alone(Reasons.Reassigned), ANumber.Covered.Bound(Jan(5)).Reassigned(Jun(1)).Check());

    [Fact]
    public void All_reasons_that_apply_are_said_in_order()
    {
        Answer answer = Everything.Check(Purposes.Collection);

        Assert.Equal(Verdict.Deny, answer.Verdict);
        Assert.Equal(
            Reasons.Released | Reasons.BindingExpired | Reasons.OptedOut | Reasons.ThirdPartyContact
                | Reasons.PurposeNotConsented | Reasons.NoCoverage,
            answer.Reasons);
        Assert.Equal(
            "Released, BindingExpired, OptedOut, ThirdPartyContact, PurposeNotConsented, NoCoverage",
            answer.Reasons.ToString());
    }

    [Fact]
    public void Any_deny_beats_unknown_and_unknown_is_never_an_allow()
    {
        Assert.Equal(Verdict.Unknown, ANumber.Uncovered.Bound(Jan(5)).Check().Verdict);
        Assert.Equal(Verdict.Deny, ANumber.Uncovered.Bound(Jan(5)).OptedOut(Feb(1)).Check().Verdict);
    }

    [Theory]
    [InlineData(Purposes.Marketing, Reasons.ThirdPartyContact)]
    [InlineData(Purposes.Collection, Reasons.ThirdPartyContact)]
    [InlineData(Purposes.Servicing, Reasons.None)]
    [InlineData(Purposes.Verification, Reasons.None)]
    public void A_contact_is_never_marketed_to_and_never_dunned(Purposes purpose, Reasons reasons) =>
        Assert.Equal(reasons, ANumber.Covered.Bound(Jan(5), role: BindingRole.Contact).Check(purpose).Reasons);

    [Fact]
    public void A_guarantor_consented() =>
        Assert.Equal(
            Verdict.Allow,
            ANumber.Covered.Bound(Jan(5), role: BindingRole.Guarantor).Check(Purposes.Collection).Verdict);

    [Fact]
    public void A_purpose_that_was_not_consented_to_is_denied()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5), Purposes.Servicing | Purposes.Verification);

        Assert.Equal(Verdict.Allow, number.Check(Purposes.Servicing).Verdict);
        Assert.Equal(Reasons.PurposeNotConsented, number.Check(Purposes.Marketing).Reasons);
    }

    [Fact]
    public void A_refusal_covers_its_lender_or_everyone_and_its_purposes()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5)).Bound(Jan(5), lender: ANumber.OtherLender)
            .OptedOut(Feb(1), ANumber.Lender, Purposes.Marketing).OptedOut(Feb(1), null, Purposes.Collection);

        Assert.Equal(Reasons.OptedOut, number.Check(Purposes.Marketing).Reasons);
        Assert.Equal(Reasons.OptedOut, number.Check(Purposes.Collection).Reasons);
        Assert.Equal(Verdict.Allow, number.Check(Purposes.Servicing).Verdict);
        Assert.Equal(Verdict.Allow, number.Check(Purposes.Marketing, lender: ANumber.OtherLender).Verdict);
        Assert.Equal(Reasons.OptedOut, number.Check(Purposes.Collection, lender: ANumber.OtherLender).Reasons);
    }

    [Fact]
    public void A_refusal_outlives_what_a_lender_says_afterwards()
    {
        ANumber refused = ANumber.Covered.Bound(Jan(5)).OptedOut(Feb(1), ANumber.Lender);

        Assert.Equal(Reasons.OptedOut, refused.Bound(Mar(1)).Check().Reasons);
        Assert.Equal(Reasons.OptedOut, refused.Check(consentedOn: Mar(1)).Reasons);
        Assert.Equal(Reasons.OptedOut, refused.Released().Bound(Mar(1)).Check().Reasons);
    }

    [Fact]
    public void A_consent_that_the_lender_brings_needs_no_binding() =>
        Assert.Equal(Verdict.Allow, ANumber.Covered.Check(consentedOn: Jan(5)).Verdict);

    [Fact]
    public void It_replaces_the_day_of_a_binding_and_nothing_else()
    {
        Assert.Equal(Reasons.Released, ANumber.Covered.Bound(Jan(5)).Released().Check(consentedOn: Feb(1)).Reasons);
        Assert.Equal(
            Reasons.BindingExpired, ANumber.Covered.Bound(Jan(5), expiresAt: Past).Check(consentedOn: Feb(1)).Reasons);
        Assert.Equal(
            Reasons.ThirdPartyContact,
            ANumber.Covered.Bound(Jan(5), role: BindingRole.Contact).Check(consentedOn: Feb(1)).Reasons);
        Assert.Equal(
            Reasons.PurposeNotConsented,
            ANumber.Covered.Bound(Jan(5), Purposes.Servicing).Check(consentedOn: Feb(1)).Reasons);
    }

    [Fact]
    public void A_binding_of_an_earlier_tenure_does_not_hold_against_a_new_consent()
    {
        ANumber number =
            ANumber.Covered.Bound(Jan(5), Purposes.Servicing, BindingRole.Contact, expiresAt: Past).Released()
            .Disconnected(Feb(10)).Reassigned(Jun(1));

        Assert.Equal(Verdict.Allow, number.Check(consentedOn: Jun(1)).Verdict);
        Assert.Equal(Reasons.Reassigned, number.Check().Reasons);
    }

    [Fact]
    public void Advisories_ride_along_and_decide_nothing()
    {
        DateTimeOffset now = Noon(Mar(1));
        ANumber number = ANumber.Covered.Bound(Jan(5)).Reports(CarrierEventKind.Suspended, Feb(20))
            .Reports(CarrierEventKind.SimChanged, Feb(21)).PortedOut(Feb(22)).PortedIn(Feb(22));

        Assert.Equal(
            new(Verdict.Allow, Reasons.None,
                Advisories.Suspended | Advisories.SimChangedRecently | Advisories.PortedRecently),
            number.Check(now: now));
    }

    [Fact]
    public void A_sim_change_or_a_port_is_recent_for_30_days()
    {
        ANumber changed = ANumber.Covered.Bound(Jan(5)).Reports(CarrierEventKind.SimChanged, Mar(1));
        Assert.Equal(Advisories.SimChangedRecently, changed.Check(now: Noon(Mar(31))).Advisories);
        Assert.Equal(Advisories.None, changed.Check(now: Noon(Apr(1))).Advisories);

        ANumber ported = ANumber.Covered.Bound(Jan(5)).PortedOut(Mar(1)).PortedIn(Mar(1));
        Assert.Equal(Advisories.PortedRecently, ported.Check(now: Noon(Mar(31))).Advisories);
        Assert.Equal(Advisories.None, ported.Check(now: Noon(Apr(1))).Advisories);
    }

    [Fact]
    public void A_suspension_lasts_until_it_is_lifted_or_the_number_is_another_holders()
    {
        ANumber suspended = ANumber.Covered.Bound(Jan(5)).Reports(CarrierEventKind.Suspended, Feb(1));

        Assert.Equal(Advisories.Suspended, suspended.Check().Advisories);
        Assert.Equal(Advisories.None, suspended.Reports(CarrierEventKind.Reactivated, Feb(1)).Check().Advisories);
        Assert.Equal(Advisories.None, suspended.Reassigned(Jun(1)).Check(consentedOn: Jun(2)).Advisories);
    }

    [Fact]
    public void Aging_shorter_than_the_countrys_minimum_is_flagged_if_its_disconnect_was_reported()
    {
        Assert.Equal(
            Advisories.AgingTooShort,
            ANumber.Covered.Disconnected(Feb(1)).Reassigned(Feb(1).AddDays(89)).Check(consentedOn: Jun(1)).Advisories);
        Assert.Equal(
            Advisories.None,
            ANumber.Covered.Disconnected(Feb(1)).Reassigned(Feb(1).AddDays(90)).Check(consentedOn: Jun(1)).Advisories);
        Assert.Equal(Advisories.None, ANumber.Covered.Reassigned(Feb(1)).Check(consentedOn: Jun(1)).Advisories);
        Assert.Equal(
            Advisories.AgingTooShort,
            ANumber.American.Disconnected(Feb(1)).Reassigned(Feb(1).AddDays(44)).Check(consentedOn: Jun(1)).Advisories);
    }

    /// <summary>As told in docs/reference/rules.md.</summary>
    [Fact]
    public void A_story()
    {
        DateTimeOffset later = Noon(Jun(20));
        ANumber bound = ANumber.Covered.Bound(Jan(5), Purposes.Marketing);
        Assert.Equal(Verdict.Allow, bound.Check().Verdict);

        ANumber aging = bound.Disconnected(Feb(10), id: "d");
        Assert.Equal(Reasons.Aging, aging.Check(now: Noon(May(10))).Reasons);
        Assert.Equal(Reasons.Disconnected, aging.Check(now: Noon(May(11))).Reasons);

        ANumber recycled = aging.Reassigned(Jun(1), id: "s");
        Assert.Equal(Reasons.Reassigned, recycled.Check(now: later).Reasons);

        ANumber renewed = recycled.Bound(Jun(2), Purposes.Marketing);
        Assert.Equal(Verdict.Allow, renewed.Check(now: later).Verdict);

        ANumber refused = renewed.OptedOut(Jun(3));
        Assert.Equal(Reasons.OptedOut, refused.Check(now: later).Reasons);

        ANumber unassigned = refused.Retracted("s");
        Assert.Equal(Reasons.Disconnected, unassigned.Check(now: later).Reasons);
        Assert.Equal(Reasons.OptedOut, unassigned.Retracted("d").Check(now: later).Reasons);
    }

    private static ANumber Everything => ANumber.Uncovered
        .Bound(Jan(5), Purposes.Servicing, BindingRole.Contact, expiresAt: Past).Released().OptedOut(Feb(2))
        .Reports(CarrierEventKind.Suspended, Feb(3)).Reports(CarrierEventKind.SimChanged, Feb(4));

    private static Answer Alone(Reasons reason) => new(Verdict.Deny, reason, Advisories.None);
}
