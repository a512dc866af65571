namespace NumberLedger;

/// <summary>
/// May this lender send for this purpose to this number? Every reason that applies, in order; the first decides.
/// </summary>
public static class VerdictRules
{
    /// <summary>A SIM change or port is recent for so many days after its own.</summary>
    public const int RecentDays = 30;

    public static Answer Decide(
        in HolderFacts holder, in LenderFacts lender, Question question, Moment moment, int agingDaysMin)
    {
        bool onBinding = question.ConsentedOn == 0;
        if (onBinding && !lender.Bound) return new(Verdict.Deny, Reasons.NoBinding, Advisories.None);
        if (!holder.IsHeld)
        {
            return new(Verdict.Deny, WhyNobodyHolds(holder, moment, agingDaysMin), Advisories.None);
        }

        ushort consentedOn = onBinding ? lender.ConsentedOn : question.ConsentedOn;
        if (holder.IsDead(consentedOn)) return new(Verdict.Deny, Reasons.Reassigned, Advisories.None);

        // A consent that the lender brings replaces only the day: a binding of the present tenure still counts.
        Reasons reasons = Reasons.None;
        if (lender.Bound && !holder.IsDead(lender.ConsentedOn))
        {
            if (lender.Released) reasons |= Reasons.Released;
            if (lender.ExpiresAt != 0 && moment.UnixMs >= lender.ExpiresAt) reasons |= Reasons.BindingExpired;
            if (lender.Role is BindingRole.Contact
                && (question.Purpose & (Purposes.Marketing | Purposes.Collection)) != Purposes.None)
            {
                reasons |= Reasons.ThirdPartyContact;
            }

            if ((lender.Purposes & question.Purpose) == Purposes.None) reasons |= Reasons.PurposeNotConsented;
        }

        if (((holder.RefusedOfEveryone | lender.Refused) & question.Purpose) != Purposes.None)
        {
            reasons |= Reasons.OptedOut;
        }

        if (!holder.SpeaksAbout(consentedOn)) reasons |= Reasons.NoCoverage;

        Verdict verdict = reasons switch
        {
            Reasons.None => Verdict.Allow,
            Reasons.NoCoverage => Verdict.Unknown,
            _ => Verdict.Deny,
        };
        return new(verdict, reasons, AdvisoriesOf(holder, moment, agingDaysMin));
    }

    /// <summary>
    /// Aging while the country's minimum since the disconnect has not passed; disconnected from then on.
    /// </summary>
    public static Reasons WhyNobodyHolds(in HolderFacts holder, Moment moment, int agingDaysMin) =>
        moment.Today - holder.Disconnected < agingDaysMin ? Reasons.Aging : Reasons.Disconnected;

    private static Advisories AdvisoriesOf(in HolderFacts holder, Moment moment, int agingDaysMin)
    {
        Advisories advisories = Advisories.None;
        if (holder.Suspended) advisories |= Advisories.Suspended;
        if (IsRecent(holder.SimChangedOn, moment)) advisories |= Advisories.SimChangedRecently;
        if (IsRecent(holder.PortedOn, moment)) advisories |= Advisories.PortedRecently;
        if (holder is { Reassigned: not 0, Disconnected: not 0, EndIsImplied: false }
            && holder.Reassigned - holder.Disconnected < agingDaysMin) advisories |= Advisories.AgingTooShort;
        return advisories;
    }

    private static bool IsRecent(ushort day, Moment moment) => day != 0 && moment.Today - day <= RecentDays;
}
