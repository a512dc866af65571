namespace NumberLedger;

/// <summary>Who may join, with which keys; which feeds are recorded.</summary>
public static class RegistryRules
{
    /// <summary>Live keys of one party: enough to rotate every system of a large one, few enough to oversee.</summary>
    public const int LiveKeysMax = 10;

    /// <summary>
    /// Ranges that one carrier reports on by themselves: more than any needs, and few enough to stay in memory.
    /// </summary>
    public const int FeedsMax = 10_000;

    public static Decision Register(RegistryState state, LedgerEvent.PartyRegistered party)
    {
        if (!state.Parties.TryGetValue(party.Party, out Party? present)) return party;

        return present == new Party(party.Party, party.Name, party.Role) ? Decision.NothingToDo : Refusal.PartyExists;
    }

    public static Decision AddKey(RegistryState state, LedgerEvent.KeyAdded key)
    {
        if (!state.Parties.TryGetValue(key.Party, out Party? party)) return Refusal.PartyUnknown;
        if (key.Scopes.Except(Scopes.Of(party.Role)).Any()) return Refusal.ScopeOfOtherRole;
        if (state.Keys.Values.Count(other => other.Party == key.Party && other.RevokedAt is null) >= LiveKeysMax)
        {
            return Refusal.KeysTooMany;
        }

        return key;
    }

    public static Decision RevokeKey(RegistryState state, string party, string keyId)
    {
        if (!state.Keys.TryGetValue(keyId, out PartyKey? key) || key.Party != party) return Refusal.KeyUnknown;
        if (key.RevokedAt is not null) return Decision.NothingToDo;

        return new LedgerEvent.KeyRevoked(keyId);
    }

    public static Decision ReportFeed(RegistryState state, LedgerEvent.FeedReported report, DateOnly todayUtc)
    {
        CarrierFeeds feeds = state.Feeds.GetValueOrDefault(report.Carrier, CarrierFeeds.None);
        if (feeds.ReportOf(report.EventId) is { } same)
        {
            return same == report ? Decision.NothingToDo : Refusal.EventIdReused;
        }

        if (report.CompleteThrough > todayUtc) return Refusal.CompleteThroughInFuture;
        if (!Days.CanHold(report.CompleteThrough)) return Refusal.EffectiveTooEarly;
        if (!ListedRanges.Touch(state.Ranges, report.Carrier, report.From, report.To))
        {
            return Refusal.RangeNotHeld;
        }

        Feed? feed = feeds.Of(report.From, report.To);
        if (feed is null) return feeds.Count < FeedsMax ? report : Refusal.FeedsTooMany;

        // What tells nothing new is not recorded: the registry grows by days, however often a carrier says the same.
        return report.CompleteThrough > feed.CompleteThrough ? report : Decision.NothingToDo;
    }

    public static Decision List(RegistryState state, LedgerEvent.RangeListed range) =>
        state.Ranges.Contains(range) ? Decision.NothingToDo : range;

    public static Decision Delist(RegistryState state, LedgerEvent.RangeDelisted ended) =>
        ListedRanges.Touch(state.Ranges, ended.Carrier, ended.From, ended.To) ? ended : Decision.NothingToDo;

    /// <summary>A carrier may have a range if it is one.</summary>
    public static Refusal? JudgeCarrier(RegistryState state, string carrier)
    {
        if (!state.Parties.TryGetValue(carrier, out Party? party)) return Refusal.PartyUnknown;
        return party.Role is PartyRole.Carrier ? null : Refusal.PartyOfOtherRole;
    }
}
