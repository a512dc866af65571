namespace NumberLedger.Ledger.Tests;

/// <summary>One thing recorded, and when.</summary>
internal sealed record OracleEntry(LedgerEvent Event, DateTimeOffset RecordedAt);

/// <summary>Who reports on a number by range, and since when its record is complete.</summary>
internal sealed record OracleRange(string Carrier, DateOnly TrackedSince);

/// <summary>All that is recorded of one number, in the order of recording.</summary>
internal sealed record OracleRecord(IReadOnlyList<OracleEntry> Entries, OracleRange? Range, int AgingDaysMin)
{
    public OracleTenures Tenures { get; } = new([.. Entries.Select(e => e.Event).OfType<LedgerEvent.CarrierReport>()]);

    public IEnumerable<LedgerEvent.OptedOut> Refusals => Entries.Select(e => e.Event).OfType<LedgerEvent.OptedOut>();

    /// <summary>A lender's latest binding, and whether a release came after it.</summary>
    public (LedgerEvent.Bound Claim, bool Released)? BindingOf(string lender)
    {
        (LedgerEvent.Bound, bool)? binding = null;
        foreach (OracleEntry entry in Entries)
        {
            if (entry.Event is LedgerEvent.Bound bound && bound.Lender == lender) binding = (bound, false);
            if (entry.Event is LedgerEvent.Released released && released.Lender == lender && binding is { } before)
            {
                binding = (before.Item1, true);
            }
        }

        return binding;
    }
}
