using CsCheck;

namespace NumberLedger.Ledger.Tests;

public sealed class CarrierFeedsTests
{
    private const long First = 8613800000000;
    private const int Thousands = 12;

    private static readonly Gen<LedgerEvent.FeedReported> Report = Gen
        .Select(Gen.Int[0, Thousands - 1], Gen.Int[0, 5], Gen.Int[0, 6])
        .Select((from, more, day) => new LedgerEvent.FeedReported(
            "telco", $"{from} {more} {day}", At(from * 1_000), At((Math.Min(from + more, Thousands - 1) * 1_000) + 999),
            In2026.Mar(1).AddDays(day)));

    [Fact]
    public void Of_all_feeds_over_a_number_the_most_complete_counts_and_of_equals_the_first() =>
        Report.Array[0, 20].Sample(reports =>
        {
            CarrierFeeds feeds = reports.Aggregate(CarrierFeeds.None, (before, report) => before.Report(report));

            for (int thousand = -1; thousand <= Thousands; thousand++)
            {
                foreach (int place in new[] { 0, 500, 999 })
                {
                    PhoneNumber number = At((thousand * 1_000) + place);
                    Feed? feed = feeds.Of(number);
                    Assert.Equal(Expected(reports, number), (feed?.From, feed?.To, feed?.CompleteThrough));
                }
            }
        });

    [Fact]
    public void The_latest_reports_of_each_range_are_known_by_their_event_ids()
    {
        LedgerEvent.FeedReported[] reports =
        [
            .. Enumerable.Range(0, 100).Select(i => new LedgerEvent.FeedReported(
                "telco", $"f{i}", At(0), At(i % 2 == 0 ? 999 : 1_999), In2026.Jan(1).AddDays(i))),
        ];

        CarrierFeeds feeds = reports.Aggregate(CarrierFeeds.None, (before, report) => before.Report(report));
        CarrierFeeds longer = reports.Take(50).Aggregate(feeds, (before, report) => before.Report(
            report with { EventId = "g" + report.EventId, CompleteThrough = report.CompleteThrough.AddDays(100) }));

        Assert.All(reports, report => Assert.Same(report, feeds.ReportOf(report.EventId)));
        Assert.All(reports[..22], report => Assert.Null(longer.ReportOf(report.EventId)));
        Assert.All(reports[22..], report => Assert.Same(report, longer.ReportOf(report.EventId)));
        Assert.Equal((2, At(1_999)), (longer.Count, longer.Of(At(0), At(1_999))?.To));
    }

    private static (PhoneNumber?, PhoneNumber?, DateOnly?) Expected(
        LedgerEvent.FeedReported[] reports, PhoneNumber number) => reports
            .GroupBy(report => (report.From, report.To)) // In the order of their first reports.
            .Where(feed => feed.Key.From <= number && number <= feed.Key.To)
            .Select(feed => ((PhoneNumber?)feed.Key.From, (PhoneNumber?)feed.Key.To,
                (DateOnly?)feed.Max(report => report.CompleteThrough)))
            .DefaultIfEmpty()
            .MaxBy(feed => feed.Item3);

    private static PhoneNumber At(long place) => PhoneNumber.Parse($"+{First + place}");
}
