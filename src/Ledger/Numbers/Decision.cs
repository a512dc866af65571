namespace NumberLedger;

/// <summary>What the rules make of a command: an event to record, a refusal, or nothing to do.</summary>
/// <remarks>
/// <see cref="NothingToDo"/> compares facts (same day, scope, purposes), never the present state: late news may move
/// every tenure, so a second opt-out in March is recorded although one of January stands.
/// </remarks>
public readonly record struct Decision
{
    private Decision(LedgerEvent? happened, Refusal? refusal) => (Happened, Refusal) = (happened, refusal);

    public LedgerEvent? Happened { get; }
    public Refusal? Refusal { get; }

    public static Decision NothingToDo => default;

    public static implicit operator Decision(LedgerEvent happened) => new(happened, null);
    public static implicit operator Decision(Refusal refusal) => new(null, refusal);
}

/// <summary>
/// Every expected no to a command. Wire codes are the names in kebab-case; docs/reference/errors.md explains each.
/// </summary>
public enum Refusal
{
    // Reports of carriers.
    EventIdReused = 1,
    EffectiveInFuture = 2,
    EffectiveTooEarly = 3,
    NumberNotHeld = 4,
    RetractionNotRetractable = 5,

    // Bindings and refusals.
    ConsentInFuture = 20,
    ConsentTooEarly = 21,
    ConsentBeforeRelease = 22,
    ConsentOlder = 23,
    BindingUnknown = 24,
    ReceivedInFuture = 25,
    ReceivedTooEarly = 26,

    // Parties, keys, ranges, feeds.
    PartyExists = 40,
    PartyUnknown = 41,
    PartyOfOtherRole = 42,
    KeyUnknown = 43,
    KeysTooMany = 44,
    ScopeOfOtherRole = 45,
    RangeOverlaps = 46,
    CompleteThroughInFuture = 47,
    RangeNotHeld = 48,
    FeedsTooMany = 49,
}
