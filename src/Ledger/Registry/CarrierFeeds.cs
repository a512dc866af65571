using System.Collections.Immutable;

namespace NumberLedger;

/// <summary>What one carrier has said of its feeds, and for each number which of them counts.</summary>
/// <remarks>
/// A carrier may report thousands of ranges, also over one another, and every check asks. So the numbers are cut where
/// ranges begin and end, into stretches with one answer each. By the first check that asks, not by every report: a
/// replay passes many states that nobody asks.
/// </remarks>
/// <param name="feeds">One for each range that was reported, in the order of their first reports.</param>
public sealed class CarrierFeeds(ImmutableArray<Feed> feeds)
{
    private readonly Lazy<(long[] Starts, Feed?[] Counting)> _stretches = new(() => Cut(feeds));

    public static CarrierFeeds None { get; } = new([]);

    /// <summary>The report that has this event id; null if there is none, or it is long past.</summary>
    public LedgerEvent.FeedReported? ReportOf(string eventId) =>
        feeds.SelectMany(feed => feed.Reports).FirstOrDefault(report => report.EventId == eventId);

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

    public bool AnyIsStale(DateOnly today) => feeds.Any(feed => feed.IsStale(today));

    public CarrierFeeds Report(LedgerEvent.FeedReported report)
    {
        for (int i = 0; i < feeds.Length; i++)
        {
            if (feeds[i].From == report.From && feeds[i].To == report.To)
            {
                return new(feeds.SetItem(i, feeds[i].Advance(report)));
            }
        }

        return new(feeds.Add(Feed.Begin(report)));
    }

    private static (long[] Starts, Feed?[] Counting) Cut(ImmutableArray<Feed> feeds)
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
