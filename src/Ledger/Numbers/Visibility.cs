namespace NumberLedger;

/// <summary>Which entries of a number a party may see.</summary>
public static class Visibility
{
    /// <summary>
    /// A lender its own part, a carrier its own reports, auditors and operators everything. What others said of the
    /// number is not shown: a new holder's affairs are none of an old lender's business.
    /// </summary>
    /// <param name="happened">Null: erased, so that nobody can tell any more whose it was.</param>
    public static bool MaySee(PartyRole role, string party, LedgerEvent? happened) => role switch
    {
        PartyRole.Auditor or PartyRole.Operator => true,
        PartyRole.Carrier => happened is LedgerEvent.CarrierReport report && report.Carrier == party,
        PartyRole.Lender => happened switch
        {
            LedgerEvent.Bound bound => bound.Lender == party,
            LedgerEvent.Released released => released.Lender == party,
            LedgerEvent.OptedOut refusal => refusal.Lender == party || refusal.ReportedBy == party,
            _ => false,
        },
        _ => false,
    };
}
