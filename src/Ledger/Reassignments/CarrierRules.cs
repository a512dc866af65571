namespace NumberLedger;

/// <summary>Which reports of carriers are recorded. Judged once, when recorded, never again.</summary>
public static class CarrierRules
{
    /// <param name="state">Everything recorded of the number.</param>
    /// <param name="rangeCarrier">The carrier whose range holds the number now; null for none.</param>
    /// <param name="todayUtc">
    /// A boundary dated tomorrow is taken, and counts at once: carriers announce at midnight.
    /// </param>
    public static Decision Report(
        NumberState state, string? rangeCarrier, LedgerEvent.CarrierReport report, DateOnly todayUtc)
    {
        LedgerEvent.CarrierReport? same = state.Reports
            .FirstOrDefault(recorded => recorded.Carrier == report.Carrier && recorded.EventId == report.EventId);
        if (same is not null) return same == report ? Decision.NothingToDo : Refusal.EventIdReused;

        if (report.On is { } day)
        {
            if (day > todayUtc.AddDays(1)) return Refusal.EffectiveInFuture;
            if (!Days.CanHold(day)) return Refusal.EffectiveTooEarly;
        }

        Refusal? refusal = report.Kind switch
        {
            CarrierEventKind.Retracted => JudgeRetraction(state, rangeCarrier, report),
            CarrierEventKind.PortedIn => null, // Taken on the new carrier's word.
            _ => MaySpeak(state, rangeCarrier, report.Carrier, report.On!.Value) ? null : Refusal.NumberNotHeld,
        };
        return refusal is { } no ? no : report;
    }

    /// <summary>
    /// A carrier may speak for a number on a day if its range holds it, or a recorded port-in gave it. Only its own
    /// port-out ends that, after its day; a permanent disconnect ends ports, and the range's carrier speaks again.
    /// </summary>
    public static bool MaySpeak(NumberState state, string? rangeCarrier, string carrier, DateOnly day)
    {
        bool holdsRange = rangeCarrier == carrier;
        if (state.Reports.IsEmpty) return holdsRange; // Most numbers of a large file.

        bool may = holdsRange;
        DateOnly? until = null; // The last day of a right that has ended: that day itself still counts.

        // On one day: port-out, then port-in, then disconnect. What adds a right wins over what ends it.
        foreach (LedgerEvent.CarrierReport past in Timeline.Standing(state.Reports)
            .Where(past => past.On <= day && (past.Carrier == carrier || past.Kind is CarrierEventKind.Disconnected))
            .OrderBy(past => past.On).ThenByDescending(past => Rank(past.Kind)))
        {
            switch (past.Kind)
            {
                case CarrierEventKind.PortedOut when may:
                    (may, until) = (false, past.On);
                    break;
                case CarrierEventKind.PortedIn:
                    may = true;
                    break;
                case CarrierEventKind.Disconnected when !holdsRange && may:
                    (may, until) = (false, past.On);
                    break;
                case CarrierEventKind.Disconnected when holdsRange:
                    may = true;
                    break;
            }
        }

        return may || until == day;

        static int Rank(CarrierEventKind kind) => kind switch
        {
            CarrierEventKind.PortedOut => 3,
            CarrierEventKind.PortedIn => 2,
            CarrierEventKind.Disconnected => 1,
            _ => 0,
        };
    }

    private static Refusal? JudgeRetraction(
        NumberState state, string? rangeCarrier, LedgerEvent.CarrierReport retraction)
    {
        LedgerEvent.CarrierReport[] own = [.. state.Reports.Where(past => past.Carrier == retraction.Carrier)];
        if (own.FirstOrDefault(past => past.EventId == retraction.Retracts) is { } named)
        {
            return named.Kind is CarrierEventKind.Retracted ? Refusal.RetractionNotRetractable : null;
        }

        // It may arrive before what it names, from a carrier that has anything to do with the number.
        return rangeCarrier == retraction.Carrier || own.Length > 0 ? null : Refusal.NumberNotHeld;
    }
}
