using System.Collections.Immutable;

namespace NumberLedger;

/// <summary>Through which day a carrier's feed for a range is complete, and how often it says so.</summary>
/// <param name="Reports">Its latest, at most <see cref="ReportsKept"/>: a repeated one is a duplicate.</param>
/// <param name="Steps">
/// Days by which its latest reports advanced, oldest first, at most <see cref="StepsKept"/>.
/// </param>
public sealed record Feed(
    string Carrier, PhoneNumber From, PhoneNumber To, DateOnly CompleteThrough, ImmutableArray<int> Steps,
    ImmutableArray<LedgerEvent.FeedReported> Reports)
{
    public const int StepsKept = 4;

    /// <summary>The event id of a report is forgotten after so many others of its range.</summary>
    public const int ReportsKept = 64;

    /// <summary>A carrier whose rhythm is not known yet is taken to report monthly, as the FCC's carriers do.</summary>
    public const int RhythmDaysAssumed = 31;

    /// <summary>The carrier's own rhythm: the longest of its latest steps.</summary>
    public int RhythmDays => Steps.IsEmpty ? RhythmDaysAssumed : Steps.Max();

    /// <summary>Two of the carrier's own steps have gone by without a word, and a day for the clocks.</summary>
    public bool IsStale(DateOnly today) => today.DayNumber - CompleteThrough.DayNumber > (2 * RhythmDays) + 1;

    public static Feed Begin(LedgerEvent.FeedReported report) =>
        new(report.Carrier, report.From, report.To, report.CompleteThrough, [], [report]);

    public Feed Advance(LedgerEvent.FeedReported report)
    {
        Feed told = this with { Reports = [.. Reports.TakeLast(ReportsKept - 1), report] };
        int step = report.CompleteThrough.DayNumber - CompleteThrough.DayNumber;
        return step <= 0
            ? told
            : told with { CompleteThrough = report.CompleteThrough, Steps = [.. Steps.TakeLast(StepsKept - 1), step] };
    }
}
