namespace NumberLedger;

/// <summary>The questions of a chunk, grouped by block. Used again for a later chunk.</summary>
/// <remarks>
/// A block is the unit of data, and a chunk the unit of calls: all blocks of a chunk are asked in one. Questions of one
/// block stand together, in the order of their lines, so that a block is walked once.
/// </remarks>
public sealed class BlockGroups
{
    private const int SlotsMin = 1 << 12;

    // Open addressing: the group of a block, plus 1; 0: free.
    private int[] _slots = new int[SlotsMin];
    private NumberBlock[] _blocks = new NumberBlock[SlotsMin / 2];
    private readonly List<ushort> _latest = []; // Of each block, the latest day of a consent.
    private int[] _starts = new int[(SlotsMin / 2) + 1];
    private int[] _groupOf = [];
    private int[] _placeOf = [];
    private ushort[] _offsets = [];
    private Question[] _questions = [];

    /// <summary>How many blocks.</summary>
    public int Count { get; private set; }

    /// <summary>How many questions, of all blocks.</summary>
    public int Questions { get; private set; }

    public NumberBlock Block(int group) => _blocks[group];

    public ReadOnlySpan<NumberBlock> Blocks => _blocks.AsSpan(0, Count);

    /// <summary>Where the questions of a block stand among all.</summary>
    public Range Places(int group) => _starts[group].._starts[group + 1];

    public ReadOnlySpan<ushort> OffsetsOf(int group) => _offsets.AsSpan(Places(group));

    public ReadOnlySpan<Question> QuestionsOf(int group) => _questions.AsSpan(Places(group));

    /// <summary>The block of a line, as an index into <see cref="Blocks"/>; -1: the line is not asked.</summary>
    public ReadOnlySpan<int> GroupOf => _groupOf;

    /// <summary>Where the question of a line stands among all; meaningless if it is not asked.</summary>
    public ReadOnlySpan<int> PlaceOf => _placeOf;

    /// <param name="latestDay">
    /// The latest packed day of a consent that is not in the future for a block's numbers; asked once for each block.
    /// </param>
    /// <remarks>
    /// Lines with a later day are rejected here: how late a day it is depends on the block's country.
    /// </remarks>
    public void Group(ScrubLines lines, Func<NumberBlock, ushort> latestDay)
    {
        ReadOnlySpan<ScrubLine> all = lines.All;
        Reserve(all.Length);
        Array.Clear(_slots);
        Count = 0;
        _latest.Clear();
        long lastBlock = -1;
        int group = -1;
        for (int i = 0; i < all.Length; i++)
        {
            ref readonly ScrubLine line = ref all[i];
            if (line.Digits == 0)
            {
                _groupOf[i] = -1;
                continue;
            }

            long block = line.Digits / NumberBlock.NumbersPerBlock;
            if (block != lastBlock) (lastBlock, group) = (block, Find(new NumberBlock(block), latestDay));
            if (line.Question.ConsentedOn > _latest[group])
            {
                lines.Reject(i, LineFault.ConsentInFuture);
                _groupOf[i] = -1;
                continue;
            }

            _groupOf[i] = group;
            _starts[group + 1]++;
        }

        Place(all);
    }

    /// <summary>Begins anew, without lines: for questions that come grouped.</summary>
    /// <param name="questions">How many will be added.</param>
    public void Clear(int questions)
    {
        Count = Questions = 0;
        Reserve(questions);
    }

    /// <summary>The questions of one more block, to be written to; of each block once.</summary>
    public void Add(NumberBlock block, int count, out Span<ushort> offsets, out Span<Question> questions)
    {
        if (Count == _blocks.Length) Grow();
        _blocks[Count] = block;
        _starts[Count] = Questions;
        _starts[++Count] = Questions += count;
        Range places = Places(Count - 1);
        offsets = _offsets.AsSpan(places);
        questions = _questions.AsSpan(places);
    }

    /// <summary>Counts become beginnings, and every question goes to its block's next place.</summary>
    private void Place(ReadOnlySpan<ScrubLine> all)
    {
        _starts[0] = 0;
        for (int group = 0; group < Count; group++) _starts[group + 1] += _starts[group];
        Questions = _starts[Count];

        for (int i = 0; i < all.Length; i++)
        {
            int group = _groupOf[i];
            if (group < 0) continue;

            int place = _starts[group]++;
            _placeOf[i] = place;
            _offsets[place] = (ushort)(all[i].Digits % NumberBlock.NumbersPerBlock);
            _questions[place] = all[i].Question;
        }

        // Every beginning has become the next one's.
        for (int group = Count; group > 0; group--) _starts[group] = _starts[group - 1];
        _starts[0] = 0;
    }

    private int Find(NumberBlock block, Func<NumberBlock, ushort> latestDay)
    {
        int slot = SlotOf(block);
        if (_slots[slot] != 0) return _slots[slot] - 1;

        if (Count == _blocks.Length)
        {
            Grow();
            slot = SlotOf(block);
        }

        _blocks[Count] = block;
        _starts[Count + 1] = 0;
        _latest.Add(latestDay(block));
        _slots[slot] = ++Count;
        return Count - 1;
    }

    private int SlotOf(NumberBlock block)
    {
        int mask = _slots.Length - 1;
        int slot = (int)((ulong)block.Key * 0x9E37_79B9_7F4A_7C15 >> 40) & mask;
        while (_slots[slot] != 0 && _blocks[_slots[slot] - 1] != block) slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref _blocks, 2 * _blocks.Length);
        Array.Resize(ref _starts, _blocks.Length + 1);
        _slots = new int[2 * _slots.Length];
        for (int group = 0; group < Count; group++) _slots[SlotOf(_blocks[group])] = group + 1;
    }

    private void Reserve(int lines)
    {
        if (_groupOf.Length >= lines) return;

        _groupOf = new int[lines];
        _placeOf = new int[lines];
        _offsets = new ushort[lines];
        _questions = new Question[lines];
    }
}
