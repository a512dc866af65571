namespace NumberLedger.Grains;

/// <summary>
/// The index of one block in this process: compared with the block's head for every question, brought up to date when
/// it is behind.
/// </summary>
/// <remarks>
/// Thread-safe, so that the API can ask it without a grain call. Whoever finds it behind shares one catch-up instead of
/// queueing for the store; between validation and answer the index cannot move, so an answer and its position belong
/// together.
/// </remarks>
internal sealed class BlockReplica(
    NumberBlock block, ILedgerStore store, StoreCalls calls, HeadReader heads, Sealer sealer, LedgerHealth health)
{
    /// <summary>Entries of one read. Of about 220 bytes each.</summary>
    private const int PageEntries = 10_000;

    /// <summary>When more tags than this have moved, reading the whole block anew is cheaper than tag by tag.</summary>
    private const int TagsMax = 1_000;

    /// <summary>
    /// A third of the age at which Orleans collects a grain that nobody called, and its index with it.
    /// </summary>
    private static readonly TimeSpan GrainCalledWithin = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Guards the index: asked and changed only under it, never across an await. Changed by one catch-up at a time.
    /// </summary>
    private readonly Lock _gate = new();
    private BlockIndex? _index;
    private Task? _catchingUp;
    private long _grainCalled = Environment.TickCount64;

    /// <summary>False: it is time to ask through the grain, or it is collected while its index is in use.</summary>
    public bool GrainIsKept =>
        Environment.TickCount64 - Volatile.Read(ref _grainCalled) < GrainCalledWithin.TotalMilliseconds;

    public BlockHead Head
    {
        get
        {
            lock (_gate) return _index?.Head ?? default;
        }
    }

    public void SawGrainCall() => Volatile.Write(ref _grainCalled, Environment.TickCount64);

    /// <summary>
    /// Asks the index, at or past the head that the store had after the question arrived.
    /// </summary>
    /// <param name="ask">MUST NOT keep the index: it belongs to this replica.</param>
    /// <exception cref="LedgerUnavailableException">
    /// No head in time, entries that cannot be read, or a store that went back.
    /// </exception>
    public ValueTask<T> AskAsync<TQuestion, T>(TQuestion question, Func<BlockIndex, TQuestion, T> ask)
    {
        BlockHead before = Head;
        ValueTask<BlockHead> reading = heads.ReadAsync(block);
        if (!reading.IsCompletedSuccessfully) return AskBehindAsync(before, reading, question, ask);

        BlockHead head = reading.Result;
        return TryAsk(before, head, question, ask, out T? answer)
            ? new(answer)
            : AskBehindAsync(before, new(head), question, ask);
    }

    /// <param name="before">The index's head, from before the store's was read.</param>
    /// <param name="head">The store's, by a read that began after the question arrived.</param>
    public ValueTask<T> AskAsync<TQuestion, T>(
        BlockHead before, BlockHead head, TQuestion question, Func<BlockIndex, TQuestion, T> ask) =>
        AskBehindAsync(before, new(head), question, ask);

    private async ValueTask<T> AskBehindAsync<TQuestion, T>(
        BlockHead before, ValueTask<BlockHead> reading, TQuestion question, Func<BlockIndex, TQuestion, T> ask)
    {
        BlockHead head = await reading;
        T? answer;
        while (!TryAsk(before, head, question, ask, out answer)) await CaughtUpAsync(head);
        return answer;
    }

    /// <param name="before">Of the index, before the store's head was read.</param>
    /// <returns>False: the index is behind.</returns>
    public bool TryAsk<TQuestion, T>(
        BlockHead before, BlockHead head, TQuestion question, Func<BlockIndex, TQuestion, T> ask, out T answer)
    {
        lock (_gate)
        {
            if (head.Position < before.Position) throw WentBack();
            if (head.Position == before.Position && head.Hash != before.Hash) throw WentBack();

            answer = default!;
            if (_index is null || _index.Head.Position < head.Position) return false;
            if (_index.Head.Position == head.Position && _index.Head.Hash != head.Hash) throw WentBack();

            answer = ask(_index, question);
            return true;
        }
    }

    /// <summary>Whoever waits shares one reading; a second one is for a head that moved after it began.</summary>
    private async Task CaughtUpAsync(BlockHead head)
    {
        Task reading;
        lock (_gate)
        {
            if (_index is not null && _index.Head.Position >= head.Position) return;

            BlockIndex? index = _index;
            // Not under the gate, nor on the scheduler of the grain that happens to begin it: others wait for it too.
            reading = _catchingUp ??= Task.Run(() => CatchUpAsync(index, head));
        }

        try
        {
            await reading;
        }
        finally
        {
            lock (_gate)
            {
                if (_catchingUp == reading) _catchingUp = null;
            }
        }
    }

    private async Task CatchUpAsync(BlockIndex? index, BlockHead head)
    {
        if (index is not null && await TryReadTailAsync(index, head)) return;

        List<StoredEntry> all = await ReadEntriesAsync(0, head.Position);
        BlockIndex whole = calls.Opened(block, () => BlockFold.Fold(block, sealer, all).ToIndex(block));
        lock (_gate) _index = whole;
    }

    /// <returns>False: so much has moved that the whole block is read with less work.</returns>
    private async Task<bool> TryReadTailAsync(BlockIndex index, BlockHead head)
    {
        // From the index's own last entry on: a store that went back and was written since holds another one there.
        BlockHead known = index.Head;
        int before = known.Position > 0 ? 1 : 0;
        List<StoredEntry> entries = await ReadEntriesAsync(known.Position - before, head.Position);
        if (before == 1 && entries[0].Hash != known.Hash)
        {
            lock (_gate) throw WentBack();
        }

        List<StoredEntry> tail = entries[before..];
        Pseudonym[] tags = [.. tail.Select(entry => entry.Tag).Distinct()];
        if (tags.Length > TagsMax) return false;

        IReadOnlyList<StoredEntry> ofTags = await calls.ReadAsync(
            token => store.ReadTagsAsync(block, tags, token), CancellationToken.None);
        BlockFold.Tail folded = calls.Opened(
            block, () => BlockFold.FoldTail(block, sealer, known, tail, ofTags)); // Unsealed while questions go on.
        lock (_gate) index.Put(folded);
        return true;
    }

    /// <summary>
    /// Up to the head and not past it: what the head does not show yet may be younger than the next question's head.
    /// </summary>
    private async Task<List<StoredEntry>> ReadEntriesAsync(long after, long through)
    {
        var entries = new List<StoredEntry>();
        while (after + entries.Count < through)
        {
            int countMax = (int)Math.Min(PageEntries, through - after - entries.Count);
            IReadOnlyList<StoredEntry> page = await calls.ReadAsync(
                token => store.ReadBlockAsync(block, after + entries.Count, countMax, token), CancellationToken.None);
            if (page.Count == 0)
            {
                throw calls.Damaged(new(block, through, "the head stands here, but entries end before it."));
            }

            entries.AddRange(page);
        }

        return entries;
    }

    private LedgerUnavailableException WentBack()
    {
        _index = null;
        return health.WentBack(block);
    }
}
