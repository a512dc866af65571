namespace NumberLedger;

/// <summary>Offsets of a block to small values; <c>default</c> for an offset that has none.</summary>
/// <remarks>
/// Few: an open-addressing table, the value and 2 bytes a slot, at most three quarters full. More than 3,072: a flat
/// array, one value for every number of the block. A slot once taken stays taken until the table is built anew: only
/// an erasure empties one, and those are few.
/// </remarks>
internal sealed class OffsetTable<T>
    where T : struct, IEquatable<T>
{
    /// <summary>
    /// The sparse table never has more slots: twice as many, of 4 or 8 bytes, would be larger than the flat array.
    /// </summary>
    private const int SlotsMax = 4_096;
    private const int SlotsMin = 8;

    private ushort[] _keys = new ushort[SlotsMin]; // Offset + 1; 0: free. Empty once the table is flat.
    private T[] _values = new T[SlotsMin];
    private int _taken;

    public int Bytes =>
        (_keys.Length * sizeof(ushort)) + (_values.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());

    private bool IsFlat => _keys.Length == 0;

    public T this[ushort offset]
    {
        get => _values[IsFlat ? offset : SlotOf(offset)];
        set
        {
            if (!IsFlat && _keys[SlotOf(offset)] == 0)
            {
                if (value.Equals(default)) return;
                if (!HasRoom(_taken + 1, _keys.Length)) Rebuild();
                if (!IsFlat) Take(offset);
            }

            _values[IsFlat ? offset : SlotOf(offset)] = value;
        }
    }

    /// <summary>Every offset that has a value, in no order.</summary>
    public List<(ushort Offset, T Value)> Items()
    {
        var items = new List<(ushort Offset, T Value)>();
        for (int i = 0; i < _values.Length; i++)
        {
            if (!_values[i].Equals(default)) items.Add(((ushort)(IsFlat ? i : _keys[i] - 1), _values[i]));
        }

        return items;
    }

    /// <summary>Where the offset is, or a free slot where it may be put.</summary>
    private int SlotOf(ushort offset)
    {
        // Offsets often stand in runs: an odd multiplier spreads them.
        int mask = _keys.Length - 1;
        int slot = (int)((offset * 2_654_435_769u) >> 16) & mask;
        while (_keys[slot] != 0 && _keys[slot] != offset + 1) slot = (slot + 1) & mask;
        return slot;
    }

    private void Take(ushort offset)
    {
        _keys[SlotOf(offset)] = (ushort)(offset + 1);
        _taken++;
    }

    /// <summary>As large as what is there and one more need: mostly twice as large, less after erasures.</summary>
    private void Rebuild()
    {
        List<(ushort Offset, T Value)> items = Items();
        int slots = SlotsMin;
        while (!HasRoom(items.Count + 1, slots)) slots *= 2;

        bool flat = slots > SlotsMax;
        _keys = flat ? [] : new ushort[slots];
        _values = new T[flat ? NumberBlock.NumbersPerBlock : slots];
        _taken = 0;
        foreach ((ushort offset, T value) in items)
        {
            if (!flat) Take(offset);
            _values[flat ? offset : SlotOf(offset)] = value;
        }
    }

    private static bool HasRoom(int taken, int slots) => taken * 4 <= slots * 3;
}
