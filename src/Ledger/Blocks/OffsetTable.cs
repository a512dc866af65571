using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NumberLedger;

/// <summary>Offsets of a block to small values; <c>default</c> for an offset that has none.</summary>
/// <remarks>
/// Few: an open-addressing table, the value and 2 bytes a slot, at most three quarters full. Many: a bitmap of the
/// offsets, and their values in order; whichever is smaller when the table grows. An offset once taken stays taken
/// until the table is built anew: only an erasure empties one, and those are few.
/// <code>
/// word  0-47  the bitmap of 48 offsets, so that one load tells whether and where
///      48-63  how many values stand before them
/// </code>
/// Values of the many begin at place 1; place 0 holds <c>default</c>, for every offset that has none.
/// </remarks>
internal sealed class OffsetTable<T>
    where T : unmanaged, IEquatable<T>
{
    private const int OffsetsPerWord = 48;
    private const int WordsCount = (NumberBlock.NumbersPerBlock + OffsetsPerWord - 1) / OffsetsPerWord;
    private const int LastWordOffsets = NumberBlock.NumbersPerBlock - ((WordsCount - 1) * OffsetsPerWord);
    private const ulong RankOne = 1UL << OffsetsPerWord;
    private const int SlotsMin = 8;

    /// <summary>Of an empty table: shared, because nothing is ever put into a table without room.</summary>
    private static readonly (ushort[] Keys, T[] Values) Empty = ([0], [default]);

    private ushort[] _keys = Empty.Keys; // Offset + 1; 0: free. Empty once there are many.
    private ulong[] _words = []; // Empty while there are few.
    private T[] _values = Empty.Values;
    private int _taken;

    public OffsetTable()
    {
    }

    /// <param name="offsets">Ascending, each once.</param>
    /// <param name="values">As many, none of them <c>default</c>.</param>
    public OffsetTable(ReadOnlySpan<ushort> offsets, ReadOnlySpan<T> values)
    {
        if (offsets.Length == 0) return;

        MakeRoom(offsets.Length, exactly: true);
        Fill(offsets, values);
    }

    public int Bytes =>
        (_keys.Length * sizeof(ushort)) + (_words.Length * sizeof(ulong)) + (_values.Length * Unsafe.SizeOf<T>());

    private bool IsDense
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _words.Length != 0;
    }

    public T this[ushort offset]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _values[IsDense ? PlaceOf(offset) : SlotOf(offset)];
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, NumberBlock.NumbersPerBlock);
            if (!IsTaken(offset))
            {
                if (value.Equals(default)) return;
                if (!HasRoomForOne) Grow();
                Take(offset);
            }

            _values[IsDense ? PlaceOf(offset) : SlotOf(offset)] = value;
        }
    }

    /// <summary>
    /// Many at once, in a loop so short that the processor waits for many places of memory at a
    /// time.
    /// </summary>
    public void Get(ReadOnlySpan<ushort> offsets, Span<T> values)
    {
        values = values[..offsets.Length];
        if (IsDense)
        {
            for (int i = 0; i < offsets.Length; i++) values[i] = _values[PlaceOf(offsets[i])];
        }
        else
        {
            for (int i = 0; i < offsets.Length; i++) values[i] = _values[SlotOf(offsets[i])];
        }
    }

    /// <summary>Every offset that has a value, ascending.</summary>
    public List<(ushort Offset, T Value)> Items()
    {
        var items = new List<(ushort Offset, T Value)>(_taken);
        if (IsDense)
        {
            int place = 0;
            for (int word = 0; word < WordsCount; word++)
            {
                for (ulong left = BitmapOf(_words[word]); left != 0; left &= left - 1)
                {
                    int offset = (word * OffsetsPerWord) + BitOperations.TrailingZeroCount(left);
                    if (!_values[++place].Equals(default)) items.Add(((ushort)offset, _values[place]));
                }
            }

            return items;
        }

        for (int slot = 0; slot < _keys.Length; slot++)
        {
            if (_keys[slot] == 0 || _values[slot].Equals(default)) continue;

            items.Add(((ushort)(_keys[slot] - 1), _values[slot]));
        }

        items.Sort((left, right) => left.Offset.CompareTo(right.Offset));
        return items;
    }

    /// <summary>
    /// The same whatever came and went before: as a table of what is there now, made at once, has it in memory.
    /// </summary>
    public void Write(SnapshotWriter to)
    {
        List<(ushort Offset, T Value)> items = Items();
        var compact = new OffsetTable<T>(
            [.. items.Select(item => item.Offset)], [.. items.Select(item => item.Value)]);
        to.U16((ushort)items.Count);
        if (items.Count == 0) return;

        to.Block<ushort>(compact._keys);
        to.Block<ulong>(compact._words);
        to.Block<T>(compact.IsDense ? compact._values.AsSpan(1) : compact._values);
    }

    /// <exception cref="FormatException">No table is written so.</exception>
    public static OffsetTable<T> Read(ref SnapshotReader from)
    {
        var table = new OffsetTable<T>();
        int count = from.U16();
        if (count > NumberBlock.NumbersPerBlock) throw new FormatException("A table holds more than a block has.");
        if (count == 0) return table;

        table.MakeRoom(count, exactly: true);
        from.Block<ushort>(table._keys);
        from.Block<ulong>(table._words);
        from.Block<T>(table.IsDense ? table._values.AsSpan(1) : table._values);
        table._taken = count;
        if (!table.IsWhole()) throw new FormatException("A table is not as any is written.");
        return table;
    }

    private bool HasRoomForOne =>
        IsDense ? _taken + 1 < _values.Length : FitInto(_taken + 1, _keys.Length);

    private static ulong BitmapOf(ulong word) => word & (RankOne - 1);

    private int CountThrough(int word) =>
        (int)(_words[word] >> OffsetsPerWord) + BitOperations.PopCount(BitmapOf(_words[word]));

    /// <summary>Where the value is; 0 if there is none. Without a branch, and from one word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PlaceOf(ushort offset)
    {
        ulong word = _words[offset / OffsetsPerWord];
        int bit = offset % OffsetsPerWord;
        int there = (int)(word >> bit) & 1;
        return ((int)(word >> OffsetsPerWord) + BitOperations.PopCount(word << (63 - bit))) & -there;
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

    private bool IsTaken(ushort offset) => IsDense ? PlaceOf(offset) != 0 : _keys[SlotOf(offset)] != 0;

    /// <summary>There must be room.</summary>
    private void Take(ushort offset)
    {
        _taken++;
        if (!IsDense)
        {
            _keys[SlotOf(offset)] = (ushort)(offset + 1);
            return;
        }

        int word = offset / OffsetsPerWord;
        _words[word] |= 1UL << (offset % OffsetsPerWord);
        MoveRanks(_words.AsSpan(word + 1));

        int place = PlaceOf(offset);
        _values.AsSpan(place, _taken - place).CopyTo(_values.AsSpan(place + 1));
    }

    private static void MoveRanks(Span<ulong> words)
    {
        var one = new Vector<ulong>(RankOne);
        Span<Vector<ulong>> wide = MemoryMarshal.Cast<ulong, Vector<ulong>>(words);
        foreach (ref Vector<ulong> several in wide) several += one;
        foreach (ref ulong word in words[(wide.Length * Vector<ulong>.Count)..]) word += RankOne;
    }

    /// <summary>As large as what is there and one more need: mostly larger, less after erasures.</summary>
    private void Grow()
    {
        List<(ushort Offset, T Value)> items = Items();
        if (IsDense && items.Count == _taken)
        {
            Array.Resize(ref _values, RoomFor(_taken + 1) + 1);
            return;
        }

        MakeRoom(items.Count + 1, exactly: false);
        Fill([.. items.Select(item => item.Offset)], [.. items.Select(item => item.Value)]);
    }

    /// <summary>An empty table with room for so many, ascending.</summary>
    private void Fill(ReadOnlySpan<ushort> offsets, ReadOnlySpan<T> values)
    {
        if (!IsDense)
        {
            for (int i = 0; i < offsets.Length; i++) this[offsets[i]] = values[i];
            return;
        }

        foreach (ushort offset in offsets) _words[offset / OffsetsPerWord] |= 1UL << (offset % OffsetsPerWord);
        for (int word = 1; word < WordsCount; word++) _words[word] += RankOne * (ulong)CountThrough(word - 1);
        values.CopyTo(_values.AsSpan(1));
        _taken = values.Length;
    }

    /// <summary>Many may come one by one, and each should not move all that are there.</summary>
    private static int RoomFor(int count) =>
        Math.Min(count + Math.Max(count / 8, 16), NumberBlock.NumbersPerBlock);

    /// <summary>Empties the table, in the smaller form for so many.</summary>
    /// <param name="exactly">False: more may come, see <see cref="RoomFor"/>.</param>
    private void MakeRoom(int count, bool exactly)
    {
        int slots = SlotsMin;
        while (!FitInto(count, slots)) slots *= 2;

        bool dense = slots * (sizeof(ushort) + Unsafe.SizeOf<T>())
            > (WordsCount * sizeof(ulong)) + ((count + 1) * Unsafe.SizeOf<T>());
        int room = exactly ? count : RoomFor(count);
        _keys = dense ? [] : new ushort[slots];
        _words = dense ? new ulong[WordsCount] : [];
        _values = new T[dense ? room + 1 : slots];
        _taken = 0;
    }

    /// <summary>
    /// What was read cannot lead outside of the values, nor around in a circle: work for each word, not for each
    /// number.
    /// </summary>
    private bool IsWhole()
    {
        if (!IsDense)
        {
            return _keys.Count(key => key != 0) == _taken && _keys.All(key => key <= NumberBlock.NumbersPerBlock);
        }

        int before = 0;
        for (int word = 0; word < WordsCount; word++)
        {
            if ((int)(_words[word] >> OffsetsPerWord) != before) return false;
            before = CountThrough(word);
        }

        return before == _taken && BitmapOf(_words[^1]) < 1UL << LastWordOffsets;
    }

    private static bool FitInto(int taken, int slots) => taken * 4 <= slots * 3;
}
