using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

public sealed class BindingRulesTests
{
    private static readonly DateTimeOffset Now = Noon(Mar(10));

    [Fact]
    public void A_first_claim_is_recorded_whoever_holds_the_number()
    {
        AssertRecorded(ANumber.Covered, Claim(Noon(Jan(5))));
        AssertRecorded(ANumber.Uncovered, Claim(Noon(Jan(5))));
        AssertRecorded(ANumber.Covered.Disconnected(Feb(1)), Claim(Noon(Jan(5))));
    }

    [Fact]
    public void A_consent_later_than_now_is_refused_past_five_minutes_of_grace()
    {
        AssertRecorded(ANumber.Covered, Claim(Now.AddMinutes(5)));
        Assert.Equal(Refusal.ConsentInFuture, Judge(ANumber.Covered, Claim(Now.AddMinutes(5).AddTicks(1))));
    }

    [Fact]
    public void A_consent_before_the_calendar_is_refused()
    {
        AssertRecorded(ANumber.Covered, Claim(new DateTimeOffset(1950, 1, 1, 0, 0, 0, TimeSpan.FromHours(8))));
        Assert.Equal(
            Refusal.ConsentTooEarly,
            Judge(ANumber.Covered, Claim(new DateTimeOffset(1949, 12, 31, 23, 0, 0, TimeSpan.FromHours(8)))));
    }

    [Fact]
    public void Binding_again_renews_unless_the_consent_is_older_than_the_present_one()
    {
        ANumber bound = ANumber.Covered.Bound(Feb(5));

        AssertRecorded(bound, Claim(Noon(Feb(6))));
        AssertRecorded(bound, Claim(Noon(Feb(5)), Purposes.Servicing));
        Assert.Equal(Refusal.ConsentOlder, Judge(bound, Claim(Noon(Feb(5)).AddTicks(-1))));
        AssertRecorded(bound, Claim(Noon(Feb(4)), lender: ANumber.OtherLender));
    }

    [Fact]
    public void The_same_claim_again_is_nothing_to_do()
    {
        ANumber bound = ANumber.Covered.Bound(Feb(5));

        Assert.Equal(Decision.NothingToDo, BindingRules.Bind(bound.State, Claim(Noon(Feb(5))), Now));
        AssertRecorded(bound, Claim(Noon(Feb(5))) with { Role = BindingRole.Contact });
        AssertRecorded(bound, Claim(Noon(Feb(5))) with { ExpiresAt = Now });
        AssertRecorded(bound, Claim(Noon(Feb(5))) with { Evidence = new Evidence("web_form", null, null) });
    }

    [Fact]
    public void A_claim_that_was_renewed_since_is_nothing_to_do_when_it_is_sent_again()
    {
        ANumber renewed = ANumber.Covered.Bound(Feb(5)).Bound(Feb(6)).Bound(Feb(7));

        Assert.Equal(Decision.NothingToDo, BindingRules.Bind(renewed.State, Claim(Noon(Feb(5))), Now));
        Assert.Equal(Decision.NothingToDo, BindingRules.Bind(renewed.State, Claim(Noon(Feb(6))), Now));
        Assert.Equal(Refusal.ConsentOlder, Judge(renewed, Claim(Noon(Feb(6)), Purposes.Servicing)));
        Assert.Equal(Refusal.ConsentBeforeRelease, Judge(renewed.Released(), Claim(Noon(Feb(6)))));
        Assert.Equal(
            Refusal.ConsentOlder,
            Judge(ANumber.Covered.Bound(Jan(1)).Released().Bound(Feb(5)).Bound(Feb(6)), Claim(Noon(Jan(1)))));
    }

    [Fact]
    public void Of_two_claims_of_one_moment_the_one_sent_last_stands_also_if_it_was_sent_before()
    {
        LedgerEvent.Bound narrow = Claim(Noon(Feb(5)), Purposes.Servicing);
        LedgerEvent.Bound wide = Claim(Noon(Feb(5)));
        ANumber widened = ANumber.Covered.Says(narrow).Says(wide);

        AssertRecorded(widened, narrow);
    }

    [Fact]
    public void A_renewed_binding_stands_on_its_new_consent()
    {
        ANumber recycled = ANumber.Covered.Bound(Jan(5)).Disconnected(Feb(1)).Reassigned(May(10));

        Assert.Equal(Reasons.Reassigned, recycled.Check().Reasons);
        Assert.Equal(Verdict.Allow, recycled.Bound(May(11)).Check().Verdict);
    }

    [Fact]
    public void After_a_release_only_a_later_consent_binds()
    {
        ANumber released = ANumber.Covered.Bound(Jan(1)).Released();
        DateTimeOffset releasedAt = released.State.Bindings[ANumber.Lender].ReleasedAt!.Value;

        Assert.Equal(Refusal.ConsentBeforeRelease, Judge(released, Claim(Noon(Jan(1)))));
        Assert.Equal(Refusal.ConsentBeforeRelease, Judge(released, Claim(releasedAt)));
        AssertRecorded(released, Claim(releasedAt.AddTicks(1)));
    }

    [Fact]
    public void A_release_is_not_undone_by_the_same_claim_sent_again_although_a_fast_clock_put_it_after_the_release()
    {
        ANumber plain = ANumber.Covered.Bound(Jan(1)).Released();
        LedgerEvent.Bound ahead = Claim(plain.State.Bindings[ANumber.Lender].ReleasedAt!.Value.AddMinutes(4));
        ANumber released = ANumber.Covered.Says(ahead).Released();

        Assert.True(released.State.Bindings[ANumber.Lender].ReleasedAt < ahead.ConsentedAt);
        Assert.Equal(Refusal.ConsentBeforeRelease, Judge(released, ahead));
        AssertRecorded(released, Claim(ahead.ConsentedAt.AddTicks(1)));
    }

    [Fact]
    public void A_consent_from_before_a_release_does_not_come_back_by_way_of_a_later_one()
    {
        ANumber bound = ANumber.Covered.Bound(Jan(1)).Released().Bound(Feb(5));

        Assert.Equal(Verdict.Allow, bound.Check().Verdict);
        Assert.Equal(Refusal.ConsentOlder, Judge(bound, Claim(Noon(Jan(1)))));
    }

    [Fact]
    public void A_release_ends_a_binding_dead_or_alive_and_holds_when_a_retraction_revives_it()
    {
        ANumber dead = ANumber.Covered.Bound(Jan(5)).Disconnected(Feb(1), id: "mistake");
        Decision decision = BindingRules.Release(dead.State, ANumber.Lender);
        Assert.Equal(new LedgerEvent.Released(ANumber.Lender), decision.Happened);

        ANumber revived = dead.Released().Retracted("mistake");
        Assert.Equal(new(Verdict.Deny, Reasons.Released, Advisories.None), revived.Check());
    }

    [Fact]
    public void A_second_release_is_nothing_to_do_and_one_without_a_binding_is_refused()
    {
        ANumber released = ANumber.Covered.Bound(Jan(5)).Released();

        Assert.Equal(Decision.NothingToDo, BindingRules.Release(released.State, ANumber.Lender));
        Assert.Equal(Refusal.BindingUnknown, BindingRules.Release(released.State, ANumber.OtherLender).Refusal);
    }

    private static LedgerEvent.Bound Claim(
        DateTimeOffset at, Purposes purposes = Purposes.All, string lender = ANumber.Lender) =>
        new(lender, BindingRole.Borrower, purposes, at, Country.Of(BlockStory.China).ConsentDay(at), null, null);

    private static Refusal? Judge(ANumber number, LedgerEvent.Bound claim) =>
        BindingRules.Bind(number.State, claim, Now).Refusal;

    private static void AssertRecorded(ANumber number, LedgerEvent.Bound claim) =>
        Assert.Equal(claim, BindingRules.Bind(number.State, claim, Now).Happened);
}
