namespace NumberLedger;

/// <summary>What stands between one lender and the numbers of a block.</summary>
internal sealed class LenderColumn
{
    private OffsetTable<long>? _expiresAt;

    /// <summary>Without the instants at which they expire.</summary>
    public OffsetTable<PackedBinding> Bindings { get; private init; } = new();

    public int Bytes => Bindings.Bytes + (_expiresAt?.Bytes ?? 0);

    public LenderFacts this[ushort offset]
    {
        get
        {
            PackedBinding packed = Bindings[offset];
            return packed == default ? default : packed.ToFacts(packed.Expires ? _expiresAt![offset] : 0);
        }
        set
        {
            if (value.ExpiresAt != 0) _expiresAt ??= new();
            if (_expiresAt is not null) _expiresAt[offset] = value.ExpiresAt;
            Bindings[offset] = PackedBinding.Of(value);
        }
    }

    /// <summary>Offsets with a binding, ascending.</summary>
    public IEnumerable<ushort> BoundOffsets() =>
        Bindings.Items().Where(item => item.Value.Bound).Select(item => item.Offset);

    public void Write(SnapshotWriter to)
    {
        Bindings.Write(to);
        (_expiresAt ?? new()).Write(to);
    }

    /// <exception cref="FormatException">No column is written so.</exception>
    public static LenderColumn Read(ref SnapshotReader from) => new()
    {
        Bindings = OffsetTable<PackedBinding>.Read(ref from),
        _expiresAt = OffsetTable<long>.Read(ref from),
    };
}
