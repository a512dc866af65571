using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

public sealed class ExpiryTests
{
    private static readonly DateTimeOffset Expiry = new(2026, 3, 1, 10, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void A_binding_is_good_until_the_instant_at_which_it_expires()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5), expiresAt: Expiry);

        Assert.Equal(Verdict.Allow, number.Check(now: Expiry.AddMilliseconds(-1)).Verdict);
        Assert.Equal(new(Verdict.Deny, Reasons.BindingExpired, Advisories.None), number.Check(now: Expiry));
        Assert.Equal(Reasons.BindingExpired, number.Check(now: Expiry.AddYears(1)).Reasons);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(-62_135_596_800_000)] // 0001-01-01, the first day of all.
    public void A_binding_that_expired_in_1970_or_before_has_expired(long unixMs)
    {
        var expiry = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

        Assert.Equal(Reasons.BindingExpired, ANumber.Covered.Bound(Jan(5), expiresAt: expiry).Check().Reasons);
    }

    [Fact]
    public void A_fraction_of_a_millisecond_never_lengthens_a_binding()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5), expiresAt: Expiry.AddTicks(5));

        Assert.Equal(Reasons.BindingExpired, number.Check(now: Expiry.AddTicks(5)).Reasons);
        Assert.Equal(Reasons.BindingExpired, number.Check(now: Expiry.AddTicks(9)).Reasons);
    }

    [Fact]
    public void A_binding_renewed_without_an_end_expires_no_more()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5), expiresAt: Expiry).Bound(Jan(6));

        Assert.Equal(Verdict.Allow, number.Check(now: Expiry.AddYears(1)).Verdict);
    }
}
