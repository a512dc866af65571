namespace NumberLedger.Ledger.Tests;

/// <summary>One holder's time with a number. Began null: before all record. Ended null: it lasts.</summary>
internal sealed record OracleTenure(DateOnly? Began, DateOnly? Ended);

/// <summary>The tenures of a number, by walking its boundaries one after the other.</summary>
/// <remarks>
/// The oracle repeats the rules as sentences: naive and slow, sharing nothing with src/Ledger but the events. What it
/// says is what docs/reference/rules.md says; the product's own code must agree with it and never the other way round.
/// </remarks>
internal sealed class OracleTenures
{
    private readonly List<LedgerEvent.CarrierReport> _standing;
    private readonly List<OracleTenure> _tenures = [new(null, null)];
    private readonly Dictionary<CarrierEventKind, List<DateOnly>> _days = [];

    public OracleTenures(IReadOnlyList<LedgerEvent.CarrierReport> reports)
    {
        _standing = [.. reports.Where(report => !IsRetraction(report) && !IsRetracted(report, reports))];
        Disconnects = DaysOf(CarrierEventKind.Disconnected);
        Reassignments = DaysOf(CarrierEventKind.Reassigned);

        // On one day, a disconnect comes before a reassignment.
        var boundaries = Disconnects.Select(day => (Day: day, Order: 0))
            .Concat(Reassignments.Select(day => (Day: day, Order: 1)))
            .Order();
        foreach ((DateOnly day, int order) in boundaries)
        {
            OracleTenure last = _tenures[^1];
            if (order == 0)
            {
                // A tenure ends on its last disconnect: a second one moves the end.
                _tenures[^1] = last with { Ended = day };
                continue;
            }

            // No disconnect was reported: it ended on the day before.
            if (last.Ended is null) _tenures[^1] = last with { Ended = day.AddDays(-1) };
            _tenures.Add(new OracleTenure(day, null));
        }
    }

    public IReadOnlyList<DateOnly> Disconnects { get; }
    public IReadOnlyList<DateOnly> Reassignments { get; }

    /// <summary>Every report that is no retraction and has not been retracted.</summary>
    public IReadOnlyList<LedgerEvent.CarrierReport> Standing => _standing;

    public bool NobodyHolds => _tenures[^1].Ended is not null;

    /// <summary>Null while nobody holds the number.</summary>
    public OracleTenure? Present => NobodyHolds ? null : _tenures[^1];

    /// <summary>The tenure before the present one; null if there was none, or nobody holds the number.</summary>
    public OracleTenure? Before => !NobodyHolds && _tenures.Count > 1 ? _tenures[^2] : null;

    /// <summary>
    /// The tenure before ended by a disconnect that was reported, not by one that the next start implies.
    /// </summary>
    public bool BeforeEndedByReport => Before is { Ended: { } ended } && Disconnects.Contains(ended)
        && (Before.Began is not { } began || ended > began);

    public bool IsDead(DateOnly day) =>
        NobodyHolds || Disconnects.Any(d => d >= day) || Reassignments.Any(s => s > day);

    public bool CountsRefusalOf(DateOnly day) => Before is not { Ended: { } ended } || day >= ended;

    public IReadOnlyList<DateOnly> DaysOf(CarrierEventKind kind)
    {
        if (!_days.TryGetValue(kind, out List<DateOnly>? days))
        {
            IEnumerable<LedgerEvent.CarrierReport> reports = _standing.Where(report => report.Kind == kind);
            days = [.. reports.Select(report => report.On!.Value).Distinct().Order()];
            _days.Add(kind, days);
        }

        return days;
    }

    private static bool IsRetraction(LedgerEvent.CarrierReport report) => report.Kind == CarrierEventKind.Retracted;

    /// <summary>An event id is a carrier's own, so a carrier retracts what is its own.</summary>
    private static bool IsRetracted(
        LedgerEvent.CarrierReport report, IReadOnlyList<LedgerEvent.CarrierReport> reports) =>
        reports.Any(other =>
            IsRetraction(other) && other.Carrier == report.Carrier && other.Retracts == report.EventId);
}
