namespace NumberLedger.Grains.Tests;

/// <summary>Names and days that tests agree on, and numbers that no other test has.</summary>
internal static class The
{
    public const string Carrier = "carrier-a";
    public const string OtherCarrier = "carrier-b";
    public const string Lender = "lender-1";

    public static readonly DateOnly TrackedSince = new(2020, 1, 1);
    public static readonly DateTimeOffset Consent = new(2025, 6, 1, 10, 0, 0, TimeSpan.FromHours(8));
    public static readonly DateTimeOffset Refusal = new(2025, 7, 1, 10, 0, 0, TimeSpan.FromHours(8));
    public static readonly DateOnly Disconnect = new(2025, 8, 1);

    private static long _blocks = 861_380_000;
    private static long _commands;

    /// <summary>A block of its own for each test: clusters are shared, blocks are not.</summary>
    public static NumberBlock NewBlock() => new(Interlocked.Increment(ref _blocks));

    /// <summary>Blocks in a row, for a range over all of them.</summary>
    public static NumberBlock[] NewBlocks(int count)
    {
        long last = Interlocked.Add(ref _blocks, count);
        return [.. Enumerable.Range(1, count).Select(i => new NumberBlock(last - count + i))];
    }

    public static PhoneNumber NewNumber() => NewBlock().At(1_234);

    public static CommandId NewCommand() => new((UInt128)Interlocked.Increment(ref _commands));

    public static PhoneNumber At(this NumberBlock block, int offset) =>
        block.TryNumberAt(offset, out PhoneNumber number)
            ? number
            : throw new ArgumentOutOfRangeException(nameof(offset));

    public static LedgerEvent.Bound Bound(
        string lender = Lender, DateTimeOffset? consentedAt = null, Purposes purposes = Purposes.All)
    {
        DateTimeOffset at = consentedAt ?? Consent;
        return new(lender, BindingRole.Borrower, purposes, at, DateOnly.FromDateTime(at.Date), null, null);
    }

    public static LedgerEvent.OptedOut OptedOut(
        string? lender = null, DateTimeOffset? receivedAt = null, Purposes purposes = Purposes.All) =>
        new(lender, purposes, receivedAt ?? Refusal, lender ?? "operator-1");

    public static LedgerEvent.CarrierReport Report(
        CarrierEventKind kind, string eventId, DateOnly? on = null, string carrier = Carrier,
        string? retracts = null) =>
        new(kind, carrier, eventId, kind is CarrierEventKind.Retracted ? null : on ?? Disconnect, null, retracts);
}
