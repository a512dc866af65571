namespace NumberLedger;

/// <summary>The closed list of what can be recorded. Appended, never edited, never removed.</summary>
/// <remarks>
/// Adding a case: give it the next free code and an arm in <see cref="EntryCodec"/>, an arm in the fold of its kind of
/// record (<see cref="NumberState"/>, <see cref="BlockRanges"/>, <see cref="RegistryState"/>), and a line in
/// docs/reference/entries.md. A test walks the list and fails for a case that does not survive the codec.
/// </remarks>
public abstract record LedgerEvent
{
    private LedgerEvent() { }

    /// <summary>A carrier said what happened to a number.</summary>
    /// <param name="Carrier">Party id of the reporting carrier, from its credential.</param>
    /// <param name="EventId">The carrier's own name for the event; unique per carrier and number.</param>
    /// <param name="On">The calendar day on which it happened. Only a retraction may have none.</param>
    /// <param name="OtherCarrier">For ports, the carrier at the other end, as the reporter names it.</param>
    /// <param name="Retracts">For retractions, the event id that was a mistake.</param>
    public sealed record CarrierReport(
        CarrierEventKind Kind, string Carrier, string EventId, DateOnly? On, string? OtherCarrier, string? Retracts)
        : LedgerEvent;

    /// <summary>
    /// A lender claimed that the holder consented; it replaces that lender's earlier claim on the number.
    /// </summary>
    /// <param name="ConsentedOn">
    /// The consent's day, see <see cref="Country.ConsentDay"/>; kept, so that a changed table changes no past.
    /// </param>
    public sealed record Bound(
        string Lender, BindingRole Role, Purposes Purposes, DateTimeOffset ConsentedAt, DateOnly ConsentedOn,
        DateTimeOffset? ExpiresAt, Evidence? Evidence) : LedgerEvent;

    /// <summary>A lender's binding was ended. It holds whatever becomes of the tenure.</summary>
    public sealed record Released(string Lender) : LedgerEvent;

    /// <summary>The holder refused.</summary>
    /// <param name="Lender">The lender refused; null: everyone.</param>
    /// <param name="ReceivedAt">When the holder said so; its day as written decides which tenure it belongs to.</param>
    /// <param name="ReportedBy">Party id of whoever passed it on.</param>
    public sealed record OptedOut(
        string? Lender, Purposes Purposes, DateTimeOffset ReceivedAt, string ReportedBy) : LedgerEvent;

    /// <summary>A carrier reports on thousands of this block. In the block's own record.</summary>
    /// <param name="FirstThousand">0 to 9.</param>
    /// <param name="LastThousand">0 to 9, not before the first.</param>
    /// <param name="TrackedSince">The day since which its record is complete.</param>
    public sealed record RangeSet(string Carrier, byte FirstThousand, byte LastThousand, DateOnly TrackedSince)
        : LedgerEvent;

    /// <summary>A carrier no longer reports on thousands of this block. In the block's own record.</summary>
    public sealed record RangeEnded(string Carrier, byte FirstThousand, byte LastThousand) : LedgerEvent;

    /// <summary>A party joined. In the registry, like all that follow.</summary>
    public sealed record PartyRegistered(string Party, string Name, PartyRole Role) : LedgerEvent;

    /// <param name="Digest">SHA-256 of the whole key; the key itself is told once and never stored.</param>
    public sealed record KeyAdded(string KeyId, string Party, Hash256 Digest, EquatableList<string> Scopes)
        : LedgerEvent;

    public sealed record KeyRevoked(string KeyId) : LedgerEvent;

    /// <summary>A range was set in every block that it touches. For listings; the blocks themselves decide.</summary>
    public sealed record RangeListed(string Carrier, PhoneNumber From, PhoneNumber To, DateOnly TrackedSince)
        : LedgerEvent;

    public sealed record RangeDelisted(string Carrier, PhoneNumber From, PhoneNumber To) : LedgerEvent;

    /// <summary>A carrier's feed for a range is complete through a day. Advisory.</summary>
    public sealed record FeedReported(
        string Carrier, string EventId, PhoneNumber From, PhoneNumber To, DateOnly CompleteThrough) : LedgerEvent;
}

public enum CarrierEventKind : byte
{
    Disconnected = 1,
    Reassigned = 2,
    PortedIn = 3,
    PortedOut = 4,
    Suspended = 5,
    Reactivated = 6,
    SimChanged = 7,
    Retracted = 8,
}

public enum BindingRole : byte
{
    Borrower = 1,
    Guarantor = 2,

    /// <summary>Someone the borrower named: never consented, never to be dunned.</summary>
    Contact = 3,
}

/// <summary>What a lender can show for a consent.</summary>
/// <param name="Kind">In the lender's words: "web_form", "call_recording".</param>
/// <param name="Reference">Where the lender keeps it. MUST NOT contain the number.</param>
/// <param name="Digest">Of the evidence itself, in the lender's notation: "sha256:…".</param>
public sealed record Evidence(string Kind, string? Reference, string? Digest);

public enum PartyRole : byte
{
    Lender = 1,
    Carrier = 2,
    Agency = 3,
    Auditor = 4,
    Operator = 5,
}
