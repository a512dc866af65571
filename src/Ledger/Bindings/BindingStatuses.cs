namespace NumberLedger;

/// <summary>What the record makes of a binding, purposes and refusals aside.</summary>
public enum BindingStatus : byte
{
    None = 0,
    Active = 1,

    /// <summary>
    /// The consent does not come from the present holder. Kept all the same: a retraction may revive it.
    /// </summary>
    Dead = 2,

    /// <summary>The record does not speak about the consent's day.</summary>
    Unknown = 3,

    /// <summary>Holder or lender ended it.</summary>
    Released = 4,
}

public static class BindingStatuses
{
    /// <returns>The status of a lender's binding, and for a dead one the reason.</returns>
    public static (BindingStatus Status, Reasons Reason) Of(
        NumberState state, RangeShare? range, string lender, Moment moment, NumberBlock block)
    {
        Timeline timeline = Timeline.Of(state.Reports);
        HolderFacts holder = HolderFacts.Of(state, timeline, Coverage.Of(range, timeline));
        return Of(holder, LenderFacts.Of(state, timeline, lender), moment, block);
    }

    public static (BindingStatus Status, Reasons Reason) Of(
        in HolderFacts holder, in LenderFacts lender, Moment moment, NumberBlock block)
    {
        if (!lender.Bound) return (BindingStatus.None, Reasons.None);
        if (!holder.IsHeld)
        {
            return (BindingStatus.Dead, VerdictRules.WhyNobodyHolds(holder, moment, Country.Of(block).AgingDaysMin));
        }

        if (holder.IsDead(lender.ConsentedOn)) return (BindingStatus.Dead, Reasons.Reassigned);
        if (lender.Released) return (BindingStatus.Released, Reasons.None);

        return (holder.SpeaksAbout(lender.ConsentedOn) ? BindingStatus.Active : BindingStatus.Unknown, Reasons.None);
    }
}
