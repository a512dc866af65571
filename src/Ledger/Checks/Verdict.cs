using System.Runtime.InteropServices;

namespace NumberLedger;

public enum Verdict : byte
{
    Allow = 1,
    Deny = 2,

    /// <summary>The record does not say. Never folded into either of the others.</summary>
    Unknown = 3,
}

/// <summary>Why. Bits stand in order of precedence: the lowest set bit is decisive.</summary>
[Flags]
public enum Reasons : ushort
{
    None = 0,
    NoBinding = 1 << 0,
    Disconnected = 1 << 1,
    Aging = 1 << 2,
    Reassigned = 1 << 3,
    Released = 1 << 4,
    BindingExpired = 1 << 5,
    OptedOut = 1 << 6,
    ThirdPartyContact = 1 << 7,
    PurposeNotConsented = 1 << 8,
    NoCoverage = 1 << 9,
}

/// <summary>Ride along and decide nothing.</summary>
[Flags]
public enum Advisories : byte
{
    None = 0,
    Suspended = 1 << 0,
    SimChangedRecently = 1 << 1,
    PortedRecently = 1 << 2,
    AgingTooShort = 1 << 3,
    StaleFeed = 1 << 4,
}

/// <summary>The answer to one check, in 4 bytes: files hold many at once.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Answer(Verdict Verdict, Reasons Reasons, Advisories Advisories)
{
    /// <summary>
    /// Said alone, without advisories: the new holder's affairs are none of the old lender's business.
    /// </summary>
    public const Reasons Alone = Reasons.NoBinding | Reasons.Disconnected | Reasons.Aging | Reasons.Reassigned;
}

/// <summary>What a lender asks about one number.</summary>
/// <param name="Purpose">Exactly one.</param>
/// <param name="ConsentedOn">
/// Packed day (<see cref="Days"/>) of a consent that the lender brings; 0: stand on the stored binding.
/// </param>
public readonly record struct Question(Purposes Purpose, ushort ConsentedOn);

/// <summary>
/// When a question is judged: never before the block's last entry, whatever the machine's clock says.
/// </summary>
/// <param name="UnixMs">For expiry.</param>
/// <param name="Today">Packed day, UTC: for aging and for what is recent.</param>
public readonly record struct Moment(long UnixMs, ushort Today)
{
    public static Moment At(DateTimeOffset now) =>
        new(now.ToUnixTimeMilliseconds(), Days.Pack(DateOnly.FromDateTime(now.UtcDateTime)));
}
