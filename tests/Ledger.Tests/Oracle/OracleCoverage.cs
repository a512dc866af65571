namespace NumberLedger.Ledger.Tests;

/// <summary>Where the record speaks, and which carrier may add to it.</summary>
internal static class OracleCoverage
{
    /// <summary>The day since which the record of this number is complete; null: no coverage.</summary>
    public static DateOnly? Since(OracleRecord record)
    {
        if (IsPortedAway(record.Tenures)) return null;
        if (record.Range is { } range) return range.TrackedSince;

        // In no range: coverage begins on the day of its port-in, and a permanent disconnect ends ports. A port-out
        // that no port-in met on its day left a gap in which nobody reported: the record begins anew after it.
        List<DateOnly> arrivals = [.. record.Tenures.DaysOf(CarrierEventKind.PortedIn)];
        List<DateOnly> gaps =
            [.. record.Tenures.DaysOf(CarrierEventKind.PortedOut).Where(left => !arrivals.Contains(left))];
        arrivals.RemoveAll(day => record.Tenures.Disconnects.Any(d => d >= day) || gaps.Any(gap => gap > day));
        return arrivals.Count == 0 ? null : arrivals[0];
    }

    /// <summary>The record speaks about a day: it is complete then, or the day is dead by what is known.</summary>
    public static bool SpeaksAbout(OracleRecord record, DateOnly day) =>
        (Since(record) is { } since && day >= since) || record.Tenures.IsDead(day);

    /// <summary>
    /// A carrier may speak for a number on a day if its range holds it, or a recorded port-in gave it. Only its own
    /// port-out ends that, after that day. A permanent disconnect ends ports, and the range's carrier speaks again.
    /// On one day, leaving comes before arriving.
    /// </summary>
    public static bool MaySpeak(OracleRecord record, string carrier, DateOnly day)
    {
        List<DateOnly> arrivals = DaysOf(record, CarrierEventKind.PortedIn, carrier);
        List<DateOnly> departures = DaysOf(record, CarrierEventKind.PortedOut, carrier);
        IReadOnlyList<DateOnly> disconnects = record.Tenures.Disconnects;

        bool byPort = arrivals.Any(arrived => arrived <= day
            && !departures.Any(left => left > arrived && left < day)
            && !disconnects.Any(d => d >= arrived && d < day));
        bool byRange = record.Range?.Carrier == carrier
            && departures.Where(left => left < day).All(left => disconnects.Any(d => d >= left && d <= day));
        return byPort || byRange;
    }

    /// <summary>A port-out that neither a port-in nor a permanent disconnect followed.</summary>
    private static bool IsPortedAway(OracleTenures tenures) =>
        tenures.DaysOf(CarrierEventKind.PortedOut).Any(left =>
            !tenures.DaysOf(CarrierEventKind.PortedIn).Any(arrived => arrived >= left)
            && !tenures.Disconnects.Any(d => d >= left));

    private static List<DateOnly> DaysOf(OracleRecord record, CarrierEventKind kind, string carrier) =>
        [.. record.Tenures.Standing.Where(r => r.Kind == kind && r.Carrier == carrier).Select(r => r.On!.Value)];
}
