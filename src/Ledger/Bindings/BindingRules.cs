namespace NumberLedger;

/// <summary>What a lender may claim and end. Read top to bottom in order of precedence.</summary>
public static class BindingRules
{
    /// <summary>A stated instant may be this much later than the ledger's clock.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <param name="now">The ledger's clock, never before the block's last entry.</param>
    public static Decision Bind(NumberState state, LedgerEvent.Bound claim, DateTimeOffset now)
    {
        if (claim.ConsentedAt > now + Grace) return Refusal.ConsentInFuture;
        if (!Days.CanHold(claim.ConsentedOn)) return Refusal.ConsentTooEarly;

        LenderBinding? present = state.Bindings.GetValueOrDefault(claim.Lender);
        if (present is null) return claim;
        if (present.ReleasedAt is { } releasedAt && claim.ConsentedAt <= Later(releasedAt, present.Claim.ConsentedAt))
        {
            // Also what was released, sent again: by a lender's fast clock it may lie after its own release.
            return Refusal.ConsentBeforeRelease;
        }

        if (claim.ConsentedAt < present.Claim.ConsentedAt)
        {
            // A file sent again may hold what a later line of it renewed. Only of what is older: of two claims of one
            // moment, the one that is sent last stands, also if it was sent before.
            return present.Earlier.Contains(claim) ? Decision.NothingToDo : Refusal.ConsentOlder;
        }

        if (present.ReleasedAt is null && claim == present.Claim) return Decision.NothingToDo;

        return claim;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>
    /// Ends a lender's binding, dead or alive: a retraction may revive a tenure, and the release must hold then.
    /// </summary>
    public static Decision Release(NumberState state, string lender)
    {
        if (!state.Bindings.TryGetValue(lender, out LenderBinding? present)) return Refusal.BindingUnknown;
        if (present.ReleasedAt is not null) return Decision.NothingToDo;

        return new LedgerEvent.Released(lender);
    }
}
