namespace NumberLedger;

/// <summary>What the index keeps of every number of a block, in 8 bytes.</summary>
/// <remarks>
/// <code>
/// bits  0-15  first day of the present tenure (packed, see <see cref="Days"/>; 0: before all record)
/// bits 16-31  latest permanent disconnect (packed; 0: none)
/// bits 32-35  purposes refused of everyone, by refusals that count
/// bit  36     the tenure before ended without a reported disconnect
/// bit  37     the number has a <see cref="NumberDetail"/>
/// </code>
/// </remarks>
internal readonly record struct PackedRow(ulong Bits)
{
    public const ulong HasDetailBit = 1UL << 37;

    public static PackedRow Of(in HolderFacts holder, bool hasDetail) => new(
        holder.Reassigned
        | ((ulong)holder.Disconnected << 16)
        | ((ulong)holder.RefusedOfEveryone << 32)
        | (holder.EndIsImplied ? 1UL << 36 : 0)
        | (hasDetail ? HasDetailBit : 0));

    public bool HasDetail => (Bits & HasDetailBit) != 0;

    /// <summary>The facts of a number without a detail.</summary>
    public HolderFacts ToFacts(ushort coveredSince) => new(
        (ushort)Bits, (ushort)(Bits >> 16), (Bits >> 36 & 1) != 0, (Purposes)(Bits >> 32 & 0xF),
        coveredSince, false, 0, 0);
}

/// <summary>What few numbers have, beside the rows. Days are packed.</summary>
internal sealed record NumberDetail(
    bool PortedAway, string? PortCarrier, ushort PortedInSince, bool Suspended, ushort SimChangedOn, ushort PortedOn)
{
    public static readonly NumberDetail None = new(false, null, 0, false, 0, 0);

    public static NumberDetail Of(in HolderFacts holder, Timeline timeline) => new(
        timeline.IsPortedAway,
        timeline.LastPortedIn?.Carrier,
        Days.Pack(timeline.PortedInSince),
        holder.Suspended,
        holder.SimChangedOn,
        holder.PortedOn);

    /// <summary>But for the carrier: flags, u8 (1 ported away, 2 suspended), then the three days, u16 each.</summary>
    public void Write(SnapshotWriter to)
    {
        to.Byte((byte)((PortedAway ? 1 : 0) | (Suspended ? 2 : 0)));
        to.U16(PortedInSince);
        to.U16(SimChangedOn);
        to.U16(PortedOn);
    }

    public static NumberDetail Read(string? portCarrier, ref SnapshotReader from)
    {
        byte flags = from.Byte();
        return new((flags & 1) != 0, portCarrier, from.U16(), (flags & 2) != 0, from.U16(), from.U16());
    }
}

/// <summary>What the index keeps between a lender and a number, in 4 bytes. 0: nothing.</summary>
/// <remarks>
/// <code>
/// bits  0-15  the consent's day (packed)
/// bits 16-19  purposes consented
/// bits 20-21  role
/// bit  22     released
/// bits 23-26  purposes refused of this lender, by refusals that count
/// bit  27     bound
/// bit  28     expires: the instant is in the column's side table
/// </code>
/// </remarks>
internal readonly record struct PackedBinding(uint Bits)
{
    private const uint BoundBit = 1u << 27;
    public const uint ExpiresBit = 1u << 28;

    public static PackedBinding Of(in LenderFacts lender) => new(
        lender.ConsentedOn
        | ((uint)lender.Purposes << 16)
        | ((uint)lender.Role << 20)
        | (lender.Released ? 1u << 22 : 0)
        | ((uint)lender.Refused << 23)
        | (lender.Bound ? BoundBit : 0)
        | (lender.ExpiresAt != 0 ? ExpiresBit : 0));

    public bool Bound => (Bits & BoundBit) != 0;
    public bool Expires => (Bits & ExpiresBit) != 0;

    public LenderFacts ToFacts(long expiresAt) => new(
        Bound, (ushort)Bits, (Purposes)(Bits >> 16 & 0xF), (BindingRole)(Bits >> 20 & 3), (Bits >> 22 & 1) != 0,
        expiresAt, (Purposes)(Bits >> 23 & 0xF));
}
