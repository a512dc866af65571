using System.Globalization;

namespace NumberLedger.Ledger.Tests;

public sealed class CountryTests
{
    [Theory]
    [InlineData("+12065550100", 45, -11)] // American Samoa.
    [InlineData("+8613800001234", 90, 8)]
    [InlineData("+4915112345678", 0, 0)]
    [InlineData("+85291234567", 0, 0)] // Hong Kong is a plan of its own.
    [InlineData("+525512345678", 0, -8)] // Tijuana.
    [InlineData("+5511912345678", 0, -5)] // Acre.
    [InlineData("+541112345678", 0, -3)]
    [InlineData("+573211234567", 0, -5)]
    [InlineData("+56221234567", 0, -6)] // Easter Island.
    [InlineData("+584121234567", 0, -4.5)] // Until 2016.
    [InlineData("+351912345678", 0, -1)] // The Azores.
    [InlineData("+34612345678", 0, 0)] // The Canaries.
    [InlineData("+6837712", 0, -11)] // Niue.
    public void A_country_has_its_minimum_of_aging_and_its_westernmost_day(string number, int days, double hours)
    {
        Country country = Country.Of(PhoneNumber.Parse(number));

        Assert.Equal(days, country.AgingDaysMin);
        Assert.Equal(TimeSpan.FromHours(hours), country.WesternmostOffset);
    }

    [Theory]
    // An evening in New York, written as UTC: still that day's consent, not the next day's.
    [InlineData("+12065550100", "2026-03-02T01:30:00+00:00", "2026-03-01")]
    [InlineData("+12065550100", "2026-03-01T20:30:00-05:00", "2026-03-01")]
    // An evening in Pago Pago, where the day ends last.
    [InlineData("+12065550100", "2026-03-02T10:59:59+00:00", "2026-03-01")]
    [InlineData("+12065550100", "2026-03-02T11:00:00+00:00", "2026-03-02")]
    // An evening in São Paulo, written as UTC.
    [InlineData("+5511912345678", "2026-03-02T01:30:00+00:00", "2026-03-01")]
    // As written, when that is earlier still.
    [InlineData("+8613800001234", "2026-03-01T23:00:00-05:00", "2026-03-01")]
    [InlineData("+8613800001234", "2026-03-02T07:59:00+08:00", "2026-03-02")]
    [InlineData("+8613800001234", "2026-03-01T23:59:00+00:00", "2026-03-01")]
    [InlineData("+8613800001234", "2026-03-02T00:30:00+09:00", "2026-03-01")]
    [InlineData("+4915112345678", "2026-03-02T00:30:00+01:00", "2026-03-01")]
    [InlineData("+4915112345678", "2026-03-01T23:30:00-03:00", "2026-03-01")]
    public void A_consents_day_is_as_written_and_never_later_than_in_the_west(string number, string at, string day)
    {
        Country country = Country.Of(PhoneNumber.Parse(number));

        Assert.Equal(
            DateOnly.Parse(day, CultureInfo.InvariantCulture),
            country.ConsentDay(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void The_ends_of_time_have_a_day_too()
    {
        foreach (NumberBlock block in new[] { BlockStory.America, BlockStory.China, BlockStory.Germany })
        {
            Assert.Equal(DateOnly.MinValue, Country.Of(block).ConsentDay(DateTimeOffset.MinValue));
            Assert.InRange(
                Country.Of(block).ConsentDay(DateTimeOffset.MaxValue), DateOnly.MaxValue.AddDays(-1),
                DateOnly.MaxValue);
        }
    }

    [Fact]
    public void The_latest_day_is_the_one_where_the_day_begins_first()
    {
        var evening = new DateTimeOffset(2026, 3, 1, 17, 0, 0, TimeSpan.Zero);

        Assert.Equal(In2026.Mar(2), Country.Of(BlockStory.China).LatestDay(evening));
        Assert.Equal(In2026.Mar(1), Country.Of(BlockStory.America).LatestDay(evening));
        Assert.Equal(In2026.Mar(1), Country.Of(BlockStory.Germany).LatestDay(evening));
    }
}
