namespace NumberLedger;

/// <summary>
/// Refusals are always recorded, whoever holds the number: which tenure they count in may change with late news.
/// </summary>
public static class OptOutRules
{
    /// <param name="now">The ledger's clock, never before the block's last entry.</param>
    public static Decision OptOut(NumberState state, LedgerEvent.OptedOut refusal, DateTimeOffset now)
    {
        if (refusal.ReceivedAt > now + BindingRules.Grace) return Refusal.ReceivedInFuture;
        if (!Days.CanHold(DayOf(refusal))) return Refusal.ReceivedTooEarly;

        bool recorded = state.Refusals.Any(past =>
            past.Lender == refusal.Lender && past.Purposes == refusal.Purposes && DayOf(past) == DayOf(refusal));
        return recorded ? Decision.NothingToDo : refusal;
    }

    /// <summary>A refusal's day is the day as written.</summary>
    public static DateOnly DayOf(LedgerEvent.OptedOut refusal) => DateOnly.FromDateTime(refusal.ReceivedAt.DateTime);
}
