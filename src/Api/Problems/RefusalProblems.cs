namespace NumberLedger.Api;

internal static partial class ProblemCatalog
{
    /// <summary>In order of precedence among those that one command can get.</summary>
    private static List<KeyValuePair<Refusal, ProblemKind>> RefusalKinds()
    {
        var kinds = new List<KeyValuePair<Refusal, ProblemKind>>();

        Add(Refusal.EventIdReused, 409, "The event id was used for another event of this number.",
            "Use a new id for each event; repeat an event only unchanged.");
        Add(Refusal.EffectiveInFuture, 422, "The event is dated later than tomorrow (UTC).",
            "Send it when it has happened, on the eve at the earliest.");
        Add(Refusal.EffectiveTooEarly, 422, "The day is before the ledger's calendar begins.",
            $"The calendar begins on {Limits.FirstDay}.");
        Add(Refusal.RetractionNotRetractable, 422, "A retraction cannot be retracted.",
            "Post the fact again under a new event id.");
        Add(Refusal.NumberNotHeld, 403, "The number is not yours to report on, on that day.",
            "Only the carrier whose range holds it, or to which it was ported, may. Send ported_in first if it came to you.");

        Add(Refusal.ConsentInFuture, 422, "The consent is later than now.",
            "Send it when it was given; clocks may differ by 5 minutes.");
        Add(Refusal.ConsentTooEarly, 422, "The consent is dated before the ledger's calendar begins.",
            $"The calendar begins on {Limits.FirstDay}.");
        Add(Refusal.ConsentBeforeRelease, 409, "The consent is not later than the release of your earlier binding.",
            "A released number needs a new consent of its holder.");
        Add(Refusal.ConsentOlder, 409, "Your present binding rests on a later consent.",
            "Nothing needs to be sent: the later consent stands.");
        Add(Refusal.BindingUnknown, 404, "You never had such a binding.", "Check the number or the bindingId.");
        Add(Refusal.ReceivedInFuture, 422, "The refusal is later than now.",
            "Send when it was received; clocks may differ by 5 minutes.");
        Add(Refusal.ReceivedTooEarly, 422, "The refusal is dated before the ledger's calendar begins.",
            $"The calendar begins on {Limits.FirstDay}.");

        Add(Refusal.PartyExists, 409, "Another party has this id.", "Choose another id, or send the same name and role.");
        Add(Refusal.PartyUnknown, 404, "There is no such party.", "Register it first: POST /v1/parties.");
        Add(Refusal.PartyOfOtherRole, 422, "The party has another role.", "Name a party of the role that is asked for.");
        Add(Refusal.KeyUnknown, 404, "The party has no such key.", "List its keys: GET /v1/parties/{id}/keys.");
        Add(Refusal.ScopeOfOtherRole, 422, "A scope is not one of the party's role.",
            "Leave scopes out for all of the role's, or send some of them.");
        Add(Refusal.KeysTooMany, 409, "The party has as many live keys as it may have.",
            $"Revoke one first: {RegistryRules.LiveKeysMax} may live at once.");
        Add(Refusal.RangeOverlaps, 409, "Another carrier has numbers of this range.",
            "End that carrier's range first, or send the part that is free.");
        Add(Refusal.CompleteThroughInFuture, 422, "A feed cannot be complete for a day to come.",
            "Send today (UTC), or an earlier day.");
        Add(Refusal.RangeNotHeld, 403, "The range is not yours to report on.",
            "Send a range of yours, or a part of one: GET /v1/ranges.");
        Add(Refusal.FeedsTooMany, 409, "You report on as many ranges as you may.",
            $"Report on ranges that you have reported on, or on larger ones: {RegistryRules.FeedsMax} may have a feed.");

        return kinds;

        void Add(Refusal refusal, int status, string title, string remedy) =>
            kinds.Add(new(refusal, new ProblemKind(ProblemKind.CodeOf(refusal), status, Retry.No, title, remedy)));
    }
}
