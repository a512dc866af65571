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

        return Recorded(state, refusal) is null ? refusal : Decision.NothingToDo;
    }

    /// <summary>The same refusal as it was recorded before: same day, scope and purposes; null: it never was.</summary>
    public static LedgerEvent.OptedOut? Recorded(NumberState state, LedgerEvent.OptedOut refusal) =>
        state.Refusals.FirstOrDefault(past =>
            past.Lender == refusal.Lender && past.Purposes == refusal.Purposes && DayOf(past) == DayOf(refusal));

    /// <summary>A refusal's day is the day as written.</summary>
    public static DateOnly DayOf(LedgerEvent.OptedOut refusal) => DateOnly.FromDateTime(refusal.ReceivedAt.DateTime);
}
