namespace NumberLedger;

/// <summary>One lender's bindings in a block: offset to <see cref="PackedBinding"/>.</summary>
/// <remarks>
/// Few: an open-addressing table, 6 bytes a slot, at most three quarters full. Many (<see cref="DenseFrom"/> and more):
/// a flat array, 4 bytes for every number of the block, which is then the smaller of the two. A slot once taken stays
/// taken: only an erasure empties one, and those are few.
/// </remarks>
internal sealed class LenderColumn
{
    public const int DenseFrom = 3_072;
    private const int SlotsMin = 8;

    private ushort[] _keys = new ushort[SlotsMin]; // Offset + 1; 0: free.
    private uint[] _values = new uint[SlotsMin];
    private Dictionary<ushort, long>? _expiresAt;
    private int _count;
    private bool _dense;

    public int Bytes => (_dense ? 0 : _keys.Length * sizeof(ushort)) + (_values.Length * sizeof(uint))
        + ((_expiresAt?.Count ?? 0) * 24);

    public LenderFacts this[ushort offset]
    {
        get
        {
            var packed = new PackedBinding(_dense ? _values[offset] : _values[SlotOf(offset)]);
            return packed.Bits == 0 ? default : packed.ToFacts(packed.Expires ? _expiresAt![offset] : 0);
        }
        set
        {
            if (value.ExpiresAt != 0) (_expiresAt ??= [])[offset] = value.ExpiresAt;
            else _expiresAt?.Remove(offset);
            Set(offset, PackedBinding.Of(value).Bits);
        }
    }

    /// <summary>Offsets with a binding, ascending.</summary>
    public IEnumerable<ushort> BoundOffsets()
    {
        var offsets = new List<ushort>();
        for (int i = 0; i < _values.Length; i++)
        {
            if (new PackedBinding(_values[i]).Bound) offsets.Add((ushort)(_dense ? i : _keys[i] - 1));
        }

        offsets.Sort();
        return offsets;
    }

    private void Set(ushort offset, uint bits)
    {
        if (_dense)
        {
            _values[offset] = bits;
            return;
        }

        int slot = SlotOf(offset);
        if (_keys[slot] == 0)
        {
            if (bits == 0) return;
            if ((_count + 1) * 4 > _keys.Length * 3)
            {
                Grow();
                Set(offset, bits);
                return;
            }

            _keys[slot] = (ushort)(offset + 1);
            _count++;
        }

        _values[slot] = bits;
    }

    private int SlotOf(ushort offset)
    {
        // Offsets of one lender often stand in runs: an odd multiplier spreads them.
        int mask = _keys.Length - 1;
        int slot = (int)((offset * 2_654_435_769u) >> 16) & mask;
        while (_keys[slot] != 0 && _keys[slot] != offset + 1) slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        (ushort[] keys, uint[] values) = (_keys, _values);
        _dense = _count + 1 >= DenseFrom;
        _keys = _dense ? [] : new ushort[keys.Length * 2];
        _values = new uint[_dense ? NumberBlock.NumbersPerBlock : keys.Length * 2];
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] == 0) continue;
            int slot = _dense ? keys[i] - 1 : SlotOf((ushort)(keys[i] - 1));
            if (!_dense) _keys[slot] = keys[i];
            _values[slot] = values[i];
        }
    }
}
