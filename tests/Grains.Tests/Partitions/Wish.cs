using CsCheck;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// One command, drawn by chance from few numbers, lenders, days and event ids, so that wishes meet each other.
/// </summary>
internal sealed record Wish(WishKind Kind, int Number, int Lender, int Day)
{
    public const int Numbers = 3;

    public static readonly Gen<Wish> Any = Gen.Select(
        Gen.Enum<WishKind>(), Gen.Int[0, Numbers - 1], Gen.Int[0, 1], Gen.Int[0, 4],
        (kind, number, lender, day) => new Wish(kind, number, lender, day));

    private string Who => $"lender-{Lender}";

    private LedgerEvent.Bound Claim => The.Bound(Who, The.Consent.AddDays(Day));

    private LedgerEvent.OptedOut Refusal => The.OptedOut(
        Kind is WishKind.OptOut ? Who : null, The.Refusal.AddDays(Day));

    private LedgerEvent.CarrierReport Report => The.Report(
        Kind switch
        {
            WishKind.Disconnect => CarrierEventKind.Disconnected,
            WishKind.Reassign => CarrierEventKind.Reassigned,
            WishKind.Retract => CarrierEventKind.Retracted,
            _ => CarrierEventKind.Suspended,
        },
        eventId: $"{Kind}-{Lender}", on: The.Disconnect.AddDays(Day),
        retracts: Kind is WishKind.Retract ? $"{WishKind.Disconnect}-{Day % 2}" : null);

    /// <summary>As a row of a file; null: no file takes such.</summary>
    public LedgerEvent? Said => Kind switch
    {
        WishKind.Bind => Claim,
        WishKind.Release or WishKind.OptOut or WishKind.OptOutOfEveryone => null,
        _ => Report,
    };

    public async Task<(CommandOutcome Outcome, Refusal? Refusal)> SendAsync(
        Caller caller, PhoneNumber number, CommandId command)
    {
        switch (Kind)
        {
            case WishKind.Bind:
                BindReply bound = await caller.BindAsync(number, Claim, command);
                return (bound.Outcome, bound.Refusal);
            case WishKind.Release:
                CommandReply released = await caller.ReleaseAsync(number, Who, command);
                return (released.Outcome, released.Refusal);
            case WishKind.OptOut or WishKind.OptOutOfEveryone:
                OptOutReply refused = await caller.OptOutAsync(number, Refusal, command);
                return (refused.Outcome, refused.Refusal);
            default:
                ReportReply reported = await caller.ReportAsync(number, Report, command);
                return (reported.Outcome, reported.Refusal);
        }
    }

    /// <summary>What the rules say to it in a state, of a number that the carrier's range holds.</summary>
    public Decision DecideOn(NumberState state, DateTimeOffset now) => Kind switch
    {
        WishKind.Bind => BindingRules.Bind(state, Claim, now),
        WishKind.Release => BindingRules.Release(state, Who),
        WishKind.OptOut or WishKind.OptOutOfEveryone => OptOutRules.OptOut(state, Refusal, now),
        _ => CarrierRules.Report(state, The.Carrier, Report, DateOnly.FromDateTime(now.UtcDateTime)),
    };
}

internal enum WishKind
{
    Bind,
    Release,
    OptOut,
    OptOutOfEveryone,
    Disconnect,
    Reassign,
    Suspend,
    Retract,
}
