namespace NumberLedger.Ledger.Tests;

/// <summary>The verdict table, row by row.</summary>
internal static class OracleVerdicts
{
    private const int RecentDays = 30;

    /// <param name="consentedOn">The day of a consent that the lender brings; null: it stands on its binding.</param>
    public static Answer Decide(
        OracleRecord record, string lender, Purposes purpose, DateOnly? consentedOn, DateTimeOffset now)
    {
        OracleTenures tenures = record.Tenures;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        (LedgerEvent.Bound Claim, bool Released)? binding = record.BindingOf(lender);

        // Said alone, without advisories.
        if (consentedOn is null && binding is null) return Alone(Reasons.NoBinding);
        if (tenures.NobodyHolds) return Alone(WhyNobodyHolds(record, today));

        DateOnly day = consentedOn ?? binding!.Value.Claim.ConsentedOn;
        if (tenures.IsDead(day)) return Alone(Reasons.Reassigned);

        // All that apply. A day that the lender brings replaces only the day: a binding of the present tenure counts.
        Reasons reasons = Reasons.None;
        if (binding is { } own && !tenures.IsDead(own.Claim.ConsentedOn))
        {
            if (own.Released) reasons |= Reasons.Released;
            if (own.Claim.ExpiresAt is { } expiresAt && expiresAt <= now) reasons |= Reasons.BindingExpired;
            if (own.Claim.Role == BindingRole.Contact && (purpose is Purposes.Marketing or Purposes.Collection))
            {
                reasons |= Reasons.ThirdPartyContact;
            }

            if (!own.Claim.Purposes.HasFlag(purpose)) reasons |= Reasons.PurposeNotConsented;
        }

        if (record.Refusals.Any(refusal => Counts(refusal, tenures, lender, purpose))) reasons |= Reasons.OptedOut;

        bool denied = reasons != Reasons.None;
        if (!OracleCoverage.SpeaksAbout(record, day)) reasons |= Reasons.NoCoverage;

        Verdict verdict = denied ? Verdict.Deny : reasons != Reasons.None ? Verdict.Unknown : Verdict.Allow;
        return new Answer(verdict, reasons, AdvisoriesOf(record, today));
    }

    private static Answer Alone(Reasons reason) => new(Verdict.Deny, reason, Advisories.None);

    private static Reasons WhyNobodyHolds(OracleRecord record, DateOnly today) =>
        today < record.Tenures.Disconnects[^1].AddDays(record.AgingDaysMin) ? Reasons.Aging : Reasons.Disconnected;

    private static bool Counts(LedgerEvent.OptedOut refusal, OracleTenures tenures, string lender, Purposes purpose) =>
        (refusal.Lender is null || refusal.Lender == lender)
        && refusal.Purposes.HasFlag(purpose)
        && tenures.CountsRefusalOf(DateOnly.FromDateTime(refusal.ReceivedAt.DateTime));

    /// <summary>
    /// Advisories speak of the present holder: what an earlier one did with the number is no news of this one.
    /// </summary>
    private static Advisories AdvisoriesOf(OracleRecord record, DateOnly today)
    {
        OracleTenures tenures = record.Tenures;
        Advisories advisories = Advisories.None;

        List<DateOnly> suspended = DaysOf(CarrierEventKind.Suspended);
        List<DateOnly> reactivated = DaysOf(CarrierEventKind.Reactivated);
        if (suspended.Any(day => !reactivated.Any(after => after >= day))) advisories |= Advisories.Suspended;
        if (DaysOf(CarrierEventKind.SimChanged).Any(IsRecent)) advisories |= Advisories.SimChangedRecently;
        if (DaysOf(CarrierEventKind.PortedIn).Any(IsRecent) || DaysOf(CarrierEventKind.PortedOut).Any(IsRecent))
        {
            advisories |= Advisories.PortedRecently;
        }

        if (tenures.BeforeEndedByReport
            && tenures.Present!.Began!.Value.DayNumber - tenures.Before!.Ended!.Value.DayNumber < record.AgingDaysMin)
        {
            advisories |= Advisories.AgingTooShort;
        }

        return advisories;

        List<DateOnly> DaysOf(CarrierEventKind kind) =>
            [.. tenures.DaysOf(kind).Where(day => tenures.Present!.Began is not { } began || day >= began)];

        bool IsRecent(DateOnly day) => today.DayNumber - day.DayNumber <= RecentDays;
    }
}
