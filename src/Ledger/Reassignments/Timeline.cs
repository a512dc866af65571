using System.Collections.Immutable;

namespace NumberLedger;

/// <summary>
/// Who held a number when, as far as its carriers' reports say. Pure; the same for any order of arrival.
/// </summary>
/// <remarks>
/// D are the days of permanent disconnects, S those of reassignments, retracted ones left out; on one day a disconnect
/// comes before a reassignment. How days and instants compare is in docs/reference/rules.md.
/// </remarks>
/// <param name="LastReassigned">The latest S. The present tenure began on it; null: before all record.</param>
/// <param name="LastDisconnected">The latest D.</param>
/// <param name="TenureBeforeEndedOn">
/// The last day of the tenure before the present one: its last D or, if none was reported, the day before the latest S.
/// Null if there was none before.
/// </param>
/// <param name="EndWasReported"><see cref="TenureBeforeEndedOn"/> is a reported disconnect, not an implied one.</param>
/// <param name="LastPortedOut">The latest day of a port-out.</param>
/// <param name="LastPortedIn">
/// The latest day of a port-in after the last disconnect, and the carrier that has it.
/// </param>
/// <param name="PortedInSince">
/// The day of the port-in since which, port after port, some carrier here has had it without a gap.
/// </param>
/// <param name="SuspendedOn">The day of the suspension in force in the present tenure.</param>
/// <param name="SimChangedOn">The latest day of a SIM change in the present tenure.</param>
/// <param name="PortedOn">The latest day of a port, in or out, in the present tenure.</param>
public sealed record Timeline(
    DateOnly? LastReassigned,
    DateOnly? LastDisconnected,
    DateOnly? TenureBeforeEndedOn,
    bool EndWasReported,
    DateOnly? LastPortedOut,
    (DateOnly On, string Carrier)? LastPortedIn,
    DateOnly? PortedInSince,
    DateOnly? SuspendedOn,
    DateOnly? SimChangedOn,
    DateOnly? PortedOn)
{
    public static Timeline Empty { get; } = new(null, null, null, false, null, null, null, null, null, null);

    /// <summary>A refusal of this day counts in the present tenure. The boundary day counts for both.</summary>
    public bool CountsRefusalOf(DateOnly day) => TenureBeforeEndedOn is not { } ended || day >= ended;

    /// <summary>
    /// The number was ported to a carrier that does not report here: nobody has recorded a port-in since, nor a
    /// disconnect, which gives it back to the range's carrier.
    /// </summary>
    public bool IsPortedAway => LastPortedOut is { } away && !(LastPortedIn?.On >= away) && !(LastDisconnected >= away);

    public static Timeline Of(ImmutableArray<LedgerEvent.CarrierReport> reports)
    {
        if (reports.IsEmpty) return Empty;

        LedgerEvent.CarrierReport[] standing = [.. Standing(reports)];
        DateOnly? reassigned = Last(CarrierEventKind.Reassigned);
        DateOnly? disconnected = Last(CarrierEventKind.Disconnected);
        (DateOnly? ended, bool wasReported) = EndOfTenureBefore(standing, reassigned);

        // A permanent disconnect ends ports: only those after the last one are in force.
        var portsIn = standing
            .Where(report => report.Kind is CarrierEventKind.PortedIn && !(disconnected >= report.On))
            .Select(report => (On: report.On!.Value, report.Carrier))
            .OrderBy(port => port.On).ThenBy(port => port.Carrier, StringComparer.Ordinal)
            .ToArray();

        return new Timeline(
            reassigned,
            disconnected,
            ended,
            wasReported,
            Last(CarrierEventKind.PortedOut),
            portsIn.Length > 0 ? portsIn[^1] : null,
            AfterLastGap(standing, portsIn),
            LastOfTenure(CarrierEventKind.Suspended) is { } suspended
                && !(LastOfTenure(CarrierEventKind.Reactivated) >= suspended) ? suspended : null,
            LastOfTenure(CarrierEventKind.SimChanged),
            LastOfTenure(CarrierEventKind.PortedIn, CarrierEventKind.PortedOut));

        DateOnly? Last(params ReadOnlySpan<CarrierEventKind> kinds)
        {
            DateOnly? last = null;
            foreach (LedgerEvent.CarrierReport report in standing)
            {
                if (kinds.Contains(report.Kind) && !(last >= report.On)) last = report.On;
            }

            return last;
        }

        DateOnly? LastOfTenure(params ReadOnlySpan<CarrierEventKind> kinds) =>
            Last(kinds) is { } day && !(reassigned > day) ? day : null;
    }

    /// <summary>
    /// A port-out that no port-in met on its day left a gap in which nobody reported: the record begins after it.
    /// </summary>
    private static DateOnly? AfterLastGap(
        LedgerEvent.CarrierReport[] standing, (DateOnly On, string Carrier)[] portsIn)
    {
        DateOnly? gap = null;
        foreach (LedgerEvent.CarrierReport report in standing)
        {
            if (report.Kind is CarrierEventKind.PortedOut && !(gap >= report.On)
                && !Array.Exists(portsIn, port => port.On == report.On)) gap = report.On;
        }

        foreach ((DateOnly on, _) in portsIn)
        {
            if (!(gap > on)) return on;
        }

        return null;
    }

    /// <summary>
    /// The reports that no retraction names, the retractions left out. A retraction cannot be retracted.
    /// </summary>
    internal static IEnumerable<LedgerEvent.CarrierReport> Standing(ImmutableArray<LedgerEvent.CarrierReport> reports)
    {
        var retracted = reports
            .Where(report => report.Kind is CarrierEventKind.Retracted)
            .Select(report => (report.Carrier, report.Retracts))
            .ToHashSet();

        return reports.Where(report =>
            report.Kind is not CarrierEventKind.Retracted && !retracted.Contains((report.Carrier, report.EventId)));
    }

    private static (DateOnly? Day, bool WasReported) EndOfTenureBefore(
        LedgerEvent.CarrierReport[] standing, DateOnly? reassigned)
    {
        if (reassigned is not { } since) return (null, false);

        DateOnly? began = null;
        foreach (LedgerEvent.CarrierReport report in standing)
        {
            if (report.Kind is CarrierEventKind.Reassigned && report.On < since && !(began >= report.On))
            {
                began = report.On;
            }
        }

        // A disconnect on the day the tenure before began comes before that beginning: it ended the one before it.
        DateOnly? ended = null;
        foreach (LedgerEvent.CarrierReport report in standing)
        {
            if (report.Kind is not CarrierEventKind.Disconnected || report.On > since || began >= report.On) continue;
            if (!(ended >= report.On)) ended = report.On;
        }

        return ended is null ? (since.AddDays(-1), false) : (ended, true);
    }
}
