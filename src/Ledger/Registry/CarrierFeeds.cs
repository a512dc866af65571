using System.Collections.Immutable;

namespace NumberLedger;

/// <summary>What one carrier has said of its feeds, and for each number which of them counts.</summary>
/// <remarks>
/// A carrier may report thousands of ranges, also over one another, and every check asks. So the numbers are cut where
/// ranges begin and end, into stretches with one answer each. By the first check that asks, not by every report: a
/// replay passes many states that nobody asks.
/// </remarks>
public sealed class CarrierFeeds
{
    private readonly ImmutableDictionary<(PhoneNumber From, PhoneNumber To), (Feed Feed, int Order)> _feeds;
    private readonly ImmutableDictionary<string, LedgerEvent.FeedReported> _reports;
    private readonly Lazy<(long[] Starts, Feed?[] Counting)> _stretches;

    /// <param name="feeds">One for each range that was reported, with the order of their first reports.</param>
    /// <param name="reports">All that the feeds keep, by event id.</param>
    private CarrierFeeds(
        ImmutableDictionary<(PhoneNumber From, PhoneNumber To), (Feed Feed, int Order)> feeds,
        ImmutableDictionary<string, LedgerEvent.FeedReported> reports)
    {
        (_feeds, _reports) = (feeds, reports);
        _stretches = new(() => Cut([.. feeds.Values.OrderBy(feed => feed.Order).Select(feed => feed.Feed)]));
    }

    public static CarrierFeeds None { get; } = new(
        ImmutableDictionary<(PhoneNumber From, PhoneNumber To), (Feed Feed, int Order)>.Empty,
        ImmutableDictionary<string, LedgerEvent.FeedReported>.Empty);

    public int Count => _feeds.Count;

    /// <summary>The report that has this event id; null if there is none, or it is long past.</summary>
    public LedgerEvent.FeedReported? ReportOf(string eventId) => _reports.GetValueOrDefault(eventId);

    /// <summary>The feed of exactly this range; null if it was never reported.</summary>
    public Feed? Of(PhoneNumber from, PhoneNumber to) =>
        _feeds.TryGetValue((from, to), out (Feed Feed, int Order) known) ? known.Feed : null;

    /// <summary>
    /// The most complete feed over a number; of those as complete, the one that was reported first. Null: none.
    /// </summary>
    public Feed? Of(PhoneNumber number)
    {
        (long[] starts, Feed?[] counting) = _stretches.Value;
        int place = Array.BinarySearch(starts, number.Digits);
        if (place < 0) place = ~place - 1; // In the midst of a stretch; before the first one if still negative.
        return place < 0 ? null : counting[place];
    }

    public bool AnyIsStale(DateOnly today) => _feeds.Values.Any(feed => feed.Feed.IsStale(today));

    public CarrierFeeds Report(LedgerEvent.FeedReported report)
    {
        ImmutableDictionary<string, LedgerEvent.FeedReported> reports = _reports;
        (Feed Feed, int Order) told = (Feed.Begin(report), Count);
        if (_feeds.TryGetValue((report.From, report.To), out (Feed Feed, int Order) known))
        {
            told = (known.Feed.Advance(report), known.Order);
            LedgerEvent.FeedReported oldest = known.Feed.Reports[0];
            if (told.Feed.Reports[0] != oldest) reports = reports.Remove(oldest.EventId);
        }

        return new(_feeds.SetItem((report.From, report.To), told), reports.SetItem(report.EventId, report));
    }

    private static (long[] Starts, Feed?[] Counting) Cut(Feed[] feeds)
    {
        long[] begins = [.. feeds.Select(feed => feed.From.Digits)];
        long[] starts = [.. begins, .. feeds.Select(feed => feed.To.Digits + 1)];
        int[] order = [.. Enumerable.Range(0, feeds.Length)];
        Array.Sort(begins, order);
        Array.Sort(starts);

        // A place that stands twice among the starts has the same answer twice.
        var counting = new Feed?[starts.Length];
        var open = new PriorityQueue<Feed, long>();
        int begun = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            for (; begun < begins.Length && begins[begun] == starts[i]; begun++)
            {
                Feed feed = feeds[order[begun]];
                open.Enqueue(feed, ((long)-feed.CompleteThrough.DayNumber << 32) | (uint)order[begun]);
            }

            // One that has ended, but is not the first, does no harm until it is.
            while (open.TryPeek(out counting[i], out _) && counting[i]!.To.Digits < starts[i]) open.Dequeue();
        }

        return (starts, counting);
    }
}
