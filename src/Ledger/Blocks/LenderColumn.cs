namespace NumberLedger;

/// <summary>What stands between one lender and the numbers of a block.</summary>
internal sealed class LenderColumn
{
    private readonly OffsetTable<PackedBinding> _bindings = new();
    private Dictionary<ushort, long>? _expiresAt;

    public int Bytes => _bindings.Bytes + ((_expiresAt?.Count ?? 0) * 24);

    public LenderFacts this[ushort offset]
    {
        get
        {
            PackedBinding packed = _bindings[offset];
            return packed == default ? default : packed.ToFacts(packed.Expires ? _expiresAt![offset] : 0);
        }
        set
        {
            if (value.ExpiresAt != 0) (_expiresAt ??= [])[offset] = value.ExpiresAt;
            else _expiresAt?.Remove(offset);
            _bindings[offset] = PackedBinding.Of(value);
        }
    }

    /// <summary>Offsets with a binding, ascending.</summary>
    public IEnumerable<ushort> BoundOffsets() =>
        _bindings.Items().Where(item => item.Value.Bound).Select(item => item.Offset).Order();
}
