using System.Collections.Immutable;

namespace NumberLedger;

/// <summary>
/// What the record says of a number's holder: all that a verdict needs of it. Days are packed, 0 for none.
/// </summary>
/// <param name="Reassigned">First day of the present tenure.</param>
/// <param name="Disconnected">Latest permanent disconnect.</param>
/// <param name="EndIsImplied">
/// The tenure before ended without a reported disconnect: on the day before <paramref name="Reassigned"/>.
/// </param>
/// <param name="RefusedOfEveryone">Purposes refused of everyone, by refusals that count in the present tenure.</param>
/// <param name="CoveredSince">The day since which the record speaks; 0: it does not speak of this number now.</param>
public readonly record struct HolderFacts(
    ushort Reassigned,
    ushort Disconnected,
    bool EndIsImplied,
    Purposes RefusedOfEveryone,
    ushort CoveredSince,
    bool Suspended,
    ushort SimChangedOn,
    ushort PortedOn)
{
    /// <summary>Somebody holds the number: the last boundary is not a disconnect.</summary>
    public bool IsHeld => Disconnected == 0 || Reassigned >= Disconnected;

    /// <summary>A consent of this day does not come from the present holder.</summary>
    public bool IsDead(ushort consentedOn) => !IsHeld || Disconnected >= consentedOn || Reassigned > consentedOn;

    /// <summary>
    /// The record speaks about this day: it is tracked, or known to lie before a disconnect or reassignment.
    /// </summary>
    public bool SpeaksAbout(ushort day) => (CoveredSince != 0 && day >= CoveredSince) || IsDead(day);

    public static HolderFacts Of(NumberState state, Timeline timeline, Coverage coverage)
    {
        Purposes refused = Purposes.None;
        foreach (LedgerEvent.OptedOut refusal in state.Refusals)
        {
            if (refusal.Lender is null && timeline.CountsRefusalOf(OptOutRules.DayOf(refusal)))
            {
                refused |= refusal.Purposes;
            }
        }

        return new HolderFacts(
            Days.Pack(timeline.LastReassigned),
            Days.Pack(timeline.LastDisconnected),
            timeline.TenureBeforeEndedOn is not null && !timeline.EndWasReported,
            refused,
            Days.Pack(coverage.Since),
            timeline.SuspendedOn is not null,
            Days.Pack(timeline.SimChangedOn),
            Days.Pack(timeline.PortedOn));
    }
}

/// <summary>What the record says between a lender and a number. <c>default</c>: nothing.</summary>
/// <param name="ConsentedOn">Packed day of the latest binding's consent.</param>
/// <param name="ExpiresAt">
/// Unix milliseconds, at least 1: what expired in 1970 or before is told by any clock; 0: never.
/// </param>
/// <param name="Refused">Purposes refused of this lender, by refusals that count in the present tenure.</param>
public readonly record struct LenderFacts(
    bool Bound,
    ushort ConsentedOn,
    Purposes Purposes,
    BindingRole Role,
    bool Released,
    long ExpiresAt,
    Purposes Refused)
{
    public static LenderFacts Of(NumberState state, Timeline timeline, string lender)
    {
        Purposes refused = Purposes.None;
        foreach (LedgerEvent.OptedOut refusal in state.Refusals)
        {
            if (refusal.Lender == lender && timeline.CountsRefusalOf(OptOutRules.DayOf(refusal)))
            {
                refused |= refusal.Purposes;
            }
        }

        if (!state.Bindings.TryGetValue(lender, out LenderBinding? binding))
        {
            return default(LenderFacts) with { Refused = refused };
        }

        LedgerEvent.Bound claim = binding.Claim;
        return new LenderFacts(
            true,
            Days.Pack(claim.ConsentedOn),
            claim.Purposes,
            claim.Role,
            binding.ReleasedAt is not null,
            claim.ExpiresAt is { } expiresAt ? Math.Max(1, expiresAt.ToUnixTimeMilliseconds()) : 0,
            refused);
    }

    /// <summary>Every lender that has a binding with the number, or was refused by a holder of it.</summary>
    public static ImmutableHashSet<string> LendersOf(NumberState state) =>
        [.. state.Bindings.Keys, .. state.Refusals.Select(refusal => refusal.Lender).OfType<string>()];
}
