namespace NumberLedger.Ledger.Tests;

/// <summary>What the golden file of format 1 says, line by line.</summary>
/// <remarks>
/// A new kind of entry, or a field that may be left out in a new way, takes a new line here. A line that a release has
/// written is never changed and never removed.
/// </remarks>
internal static class GoldenEntries
{
    private static readonly PhoneNumber From = PhoneNumber.Parse("+8613800000000");
    private static readonly PhoneNumber To = PhoneNumber.Parse("+8613800009999");
    private static readonly DateOnly Day = new(2026, 3, 1);
    private static readonly DateTimeOffset Told = new(2026, 3, 2, 9, 30, 15, 250, TimeSpan.Zero);
    private static readonly DateTimeOffset Instant =
        new DateTimeOffset(2026, 3, 1, 21, 5, 6, TimeSpan.FromHours(8)).AddTicks(7);
    private static readonly DateTimeOffset West = new(2025, 12, 31, 23, 59, 59, TimeSpan.FromMinutes(-(9 * 60) - 30));

    public static IReadOnlyList<(string Name, EntryContent Content)> All { get; } =
    [
        ("carrier-report-disconnected", Report(CarrierEventKind.Disconnected, Day)),
        ("carrier-report-reassigned", Report(CarrierEventKind.Reassigned, Day)),
        ("carrier-report-ported-in-from", Report(CarrierEventKind.PortedIn, Day, other: "carrier-b")),
        ("carrier-report-ported-out", Report(CarrierEventKind.PortedOut, Day)),
        ("carrier-report-suspended", Report(CarrierEventKind.Suspended, Day)),
        ("carrier-report-reactivated", Report(CarrierEventKind.Reactivated, Day)),
        ("carrier-report-sim-changed", Report(CarrierEventKind.SimChanged, Day)),
        ("carrier-report-retracted", Report(CarrierEventKind.Retracted, null, retracts: "e-0")),
        ("carrier-report-retracted-on", Report(CarrierEventKind.Retracted, Day, retracts: "e-0")),
        ("bound-least", Of(new LedgerEvent.Bound(
            "acme", BindingRole.Borrower, Purposes.Marketing, Instant, Day, null, null))),
        ("bound-expiring", Of(new LedgerEvent.Bound(
            "acme", BindingRole.Guarantor, Purposes.Servicing | Purposes.Collection, West, new(2025, 12, 31), Instant,
            null))),
        ("bound-with-evidence", Of(new LedgerEvent.Bound(
            "acme", BindingRole.Contact, Purposes.All, Instant, Day, null, new Evidence("web_form", null, null)))),
        ("bound-most", Of(new LedgerEvent.Bound(
            "acme", BindingRole.Borrower, Purposes.All, Instant, Day, West,
            new Evidence("call_recording", "vault/7", "sha256:00ff")))),
        ("released", Of(new LedgerEvent.Released("acme"))),
        ("opted-out-of-everyone", Of(new LedgerEvent.OptedOut(null, Purposes.All, Instant, "operator"))),
        ("opted-out-of-a-lender", Of(new LedgerEvent.OptedOut("acme", Purposes.Marketing, West, "acme"))),
        ("range-set", OfBlock(new LedgerEvent.RangeSet("carrier-a", 0, 9, Day))),
        ("range-ended", OfBlock(new LedgerEvent.RangeEnded("carrier-a", 3, 4))),
        ("party-registered", OfBlock(new LedgerEvent.PartyRegistered("acme", "\u745E\u4FE1 Credit", PartyRole.Lender))),
        ("key-added", OfBlock(new LedgerEvent.KeyAdded(
            "0011223344556677", "acme", new Hash256(1, 2),
            new EquatableList<string>([Scopes.CheckNumbers, Scopes.ReadHistory])))),
        ("key-added-without-scopes", OfBlock(new LedgerEvent.KeyAdded(
            "0011223344556677", "acme", new Hash256(1, 2), new EquatableList<string>([])))),
        ("key-revoked", OfBlock(new LedgerEvent.KeyRevoked("0011223344556677"))),
        ("range-listed", OfBlock(new LedgerEvent.RangeListed("carrier-a", From, To, Day))),
        ("range-delisted", OfBlock(new LedgerEvent.RangeDelisted("carrier-a", From, To))),
        ("feed-reported", OfBlock(new LedgerEvent.FeedReported("carrier-a", "f-1", From, To, Day))),
    ];

    /// <summary>
    /// A block as a store holds it: its range, then the life of +86 138 0000 1234. The third was erased.
    /// </summary>
    public static BlockStory Story { get; } = new(BlockStory.China,
    [
        OfBlock(new LedgerEvent.RangeSet("carrier-a", 0, 9, new(2020, 1, 1))),
        Of(new LedgerEvent.Bound("acme", BindingRole.Borrower, Purposes.Marketing, Instant, Day, null, null)),
        Of(new LedgerEvent.OptedOut(null, Purposes.Marketing, Instant, "operator")),
        Of(new LedgerEvent.CarrierReport(CarrierEventKind.Disconnected, "carrier-a", "e-1", Day, null, null)),
    ]);

    public const int ErasedPosition = 3;

    public static MasterKey Master => new([.. Enumerable.Range(0, MasterKey.Size).Select(i => (byte)i)]);

    private static EntryContent Report(
        CarrierEventKind kind, DateOnly? on, string? other = null, string? retracts = null) =>
        Of(new LedgerEvent.CarrierReport(kind, "carrier-a", "e-1", on, other, retracts));

    private static EntryContent Of(LedgerEvent happened) => new(Told, 1_234, happened);

    private static EntryContent OfBlock(LedgerEvent happened) => new(Told, EntryContent.NoOffset, happened);
}
