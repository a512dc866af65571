namespace NumberLedger.Ledger.Tests;

/// <summary>Which reports of carriers are recorded.</summary>
internal static class OracleCarriers
{
    private static readonly DateOnly FirstDay = new(1950, 1, 1);

    /// <returns>The refusal; null for a report that is recorded, and for one that says nothing new.</returns>
    public static (Refusal? Refusal, bool Duplicate) Judge(
        OracleRecord record, LedgerEvent.CarrierReport report, DateOnly todayUtc)
    {
        LedgerEvent.CarrierReport[] own = [.. record.Entries
            .Select(entry => entry.Event).OfType<LedgerEvent.CarrierReport>()
            .Where(past => past.Carrier == report.Carrier)];

        // An event id is unique per carrier and number.
        foreach (LedgerEvent.CarrierReport past in own)
        {
            if (past.EventId == report.EventId) return past == report ? (null, true) : (Refusal.EventIdReused, false);
        }

        if (report.On > todayUtc.AddDays(1)) return (Refusal.EffectiveInFuture, false);
        if (report.On < FirstDay) return (Refusal.EffectiveTooEarly, false);

        Refusal? refusal = report.Kind switch
        {
            // It cannot itself be retracted, and it may arrive before what it names: from whoever has to do with the
            // number.
            CarrierEventKind.Retracted when own.Any(
                past => past.EventId == report.Retracts && past.Retracts is not null) =>
                Refusal.RetractionNotRetractable,
            CarrierEventKind.Retracted => own.Length > 0 || record.Range?.Carrier == report.Carrier
                ? null
                : Refusal.NumberNotHeld,

            // Taken on the new carrier's word.
            CarrierEventKind.PortedIn => null,
            _ => OracleCoverage.MaySpeak(record, report.Carrier, report.On!.Value) ? null : Refusal.NumberNotHeld,
        };
        return (refusal, false);
    }
}
