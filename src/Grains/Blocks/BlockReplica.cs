namespace NumberLedger.Grains;

/// <summary>
/// The index of one block in this process: compared with the block's head for every question, brought up to date when
/// it is behind.
/// </summary>
/// <remarks>
/// Thread-safe, so that the API can ask it without a grain call. Whoever finds it behind shares one catch-up instead of
/// queueing for the store; between validation and answer the index cannot move, so an answer and its position belong
/// together. A cold one begins with the block's snapshot.
/// </remarks>
internal sealed class BlockReplica(
    NumberBlock block, BlockSource source, BlockReplicas replicas, SnapshotSaver saver)
{
    /// <summary>
    /// Entries that are not in the snapshot yet, from which on it is made anew: to fold them again costs as much.
    /// </summary>
    private const int UnsavedMax = 256;

    /// <summary>Fewer are not worth a snapshot even when the index leaves memory.</summary>
    private const int UnsavedFew = 32;

    /// <summary>To stay in memory: one for every time that it was asked.</summary>
    public const int ChancesMax = 3;

    /// <summary>
    /// Guards the index: asked and changed only under it, never across an await. Changed by one catch-up at a time.
    /// </summary>
    private readonly Lock _gate = new();

    /// <summary>
    /// Taken before the gate by whoever changes the index: a snapshot is made without stopping
    /// questions.
    /// </summary>
    private readonly Lock _changing = new();
    private BlockIndex? _index;
    private Task? _catchingUp;
    private long _saved;
    private volatile int _bytes;
    private int _chances = 1; // It is opened to be asked.

    public NumberBlock Block => block;

    /// <summary>Of the index now; default if there is none.</summary>
    public BlockHead Head
    {
        get
        {
            lock (_gate) return _index?.Head ?? default;
        }
    }

    /// <summary>What <see cref="BlockReplicas"/> has counted it for; its alone to change.</summary>
    public int Weight { get; set; }

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
        ValueTask<BlockHead> reading = source.ReadHeadAsync(block);
        return reading.IsCompletedSuccessfully
            ? AskAsync(before, reading.Result, question, ask)
            : AskLaterAsync(before, reading, question, ask);
    }

    /// <summary>The same for whoever reads the heads of many blocks at once.</summary>
    /// <param name="before"><see cref="Head"/>, taken before the store's heads were read.</param>
    /// <param name="head">The store's, by a read that began after the question arrived.</param>
    public ValueTask<T> AskAsync<TQuestion, T>(
        BlockHead before, BlockHead head, TQuestion question, Func<BlockIndex, TQuestion, T> ask) =>
        TryAsk(before, head, question, ask, out T? answer)
            ? new(answer)
            : new(AskBehindAsync(before, head, question, ask));

    /// <summary>The same without waiting.</summary>
    /// <returns>False: the index is behind, or not there.</returns>
    public bool TryAsk<TQuestion, T>(
        BlockHead before, BlockHead head, TQuestion question, Func<BlockIndex, TQuestion, T> ask, out T answer)
    {
        lock (_gate)
        {
            source.ThrowIfWentBack(); // Wherever it was noticed, and whenever this question began.
            if (head.Position < before.Position) throw WentBack();
            if (head.Position == before.Position && head.Hash != before.Hash) throw WentBack();

            answer = default!;
            if (_index is null || _index.Head.Position < head.Position) return false;
            if (_index.Head.Position == head.Position && _index.Head.Hash != head.Hash) throw WentBack();

            if (_chances < ChancesMax) _chances++;
            answer = ask(_index, question);
            return true;
        }
    }

    /// <summary>Takes an opened snapshot if there is no index yet. Believed no more than any other.</summary>
    /// <param name="head">Of the store. One that the snapshot does not fit is left for a catch-up to judge.</param>
    public void Begin(BlockIndex snapshot, BlockHead head)
    {
        BlockHead saved = snapshot.Head;
        int bytes = snapshot.Bytes;
        if (saved.Position > head.Position || (saved.Position == head.Position && saved.Hash != head.Hash)) return;

        lock (_gate)
        {
            if (_index is not null) return;

            (_index, _saved, _bytes) = (snapshot, saved.Position, bytes);
        }

        replicas.Weigh(this, bytes);
    }

    /// <summary>
    /// Takes what this process has just appended, if nothing stands between it and the index; or else the next catch-up
    /// reads it.
    /// </summary>
    /// <param name="before">
    /// Position and hash of the entry before them, as the store has it since: a store that went back in between holds
    /// another one there.
    /// </param>
    public void Follow(BlockFold.Tail appended, (long Position, Hash256 Hash) before)
    {
        int bytes;
        lock (_changing)
        {
            lock (_gate)
            {
                // A catch-up under way would put what it has read over this.
                if (_catchingUp is not null || _index is not { } index) return;
                if ((index.Head.Position, index.Head.Hash) != before) return;

                index.Put(appended);
                _bytes = bytes = index.Bytes;
            }
        }

        replicas.Weigh(this, bytes);
        OfferIf(UnsavedMax);
    }

    /// <summary>False: it has none left.</summary>
    public bool TakeChance()
    {
        lock (_gate)
        {
            if (_chances == 0) return false;

            _chances--;
            return true;
        }
    }

    /// <summary>It is nobody's any more, but for who asks it just now.</summary>
    public void Leave() => OfferIf(UnsavedFew);

    /// <summary>The index as a snapshot, and the head that it is of; null if there is nothing to save.</summary>
    public (BlockHead Head, byte[] Snapshot)? Encode()
    {
        lock (_changing)
        {
            BlockIndex? index = Unsaved(1);
            return index is null ? null : (index.Head, SnapshotCodec.Encode(index));
        }
    }

    public void Saved(long position)
    {
        lock (_gate) _saved = Math.Max(_saved, position);
    }

    private async ValueTask<T> AskLaterAsync<TQuestion, T>(
        BlockHead before, ValueTask<BlockHead> reading, TQuestion question, Func<BlockIndex, TQuestion, T> ask)
    {
        BlockHead head = await reading;
        if (TryAsk(before, head, question, ask, out T? answer)) return answer;

        // A block that is read for the first time may take its time.
        Task<T> behind = AskBehindAsync(before, head, question, ask);
        return before.Position == 0 ? await behind : await source.InTimeAsync(behind);
    }

    private async Task<T> AskBehindAsync<TQuestion, T>(
        BlockHead before, BlockHead head, TQuestion question, Func<BlockIndex, TQuestion, T> ask)
    {
        T? answer;
        do
        {
            await CaughtUpAsync(head);
        }
        while (!TryAsk(before, head, question, ask, out answer));

        return answer;
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
        long saved = 0;
        if (index is null && head.Position > 0)
        {
            (index, head) = await source.OpenSnapshotAsync(block, head);
            saved = index?.Head.Position ?? 0;
        }

        if (index is null || !await TryFollowAsync(index, head)) index = await source.ReadWholeAsync(block, head);
        int bytes = index.Bytes;
        lock (_gate)
        {
            if (_index is null || _index.Head.Position <= index.Head.Position) (_index, _bytes) = (index, bytes);
            _saved = Math.Max(_saved, saved);
        }

        replicas.Weigh(this, bytes);
        OfferIf(UnsavedMax);
    }

    /// <returns>False: the whole block is to be read instead.</returns>
    private async Task<bool> TryFollowAsync(BlockIndex index, BlockHead head)
    {
        if (index.Head.Position >= head.Position) return true;
        if (await source.ReadTailAsync(block, index.Head, head) is not { } tail) return false;

        // Unsealed while questions went on: only this is done under the gate.
        lock (_changing)
        {
            lock (_gate) index.Put(tail);
        }

        return true;
    }

    private void OfferIf(int unsavedMin)
    {
        if (Unsaved(unsavedMin) is not null) saver.Offer(this, _bytes);
    }

    /// <summary>The index, if at least so many of its entries are not in the snapshot yet.</summary>
    private BlockIndex? Unsaved(int entriesMin)
    {
        lock (_gate) return _index is not null && _index.Head.Position - _saved >= entriesMin ? _index : null;
    }

    /// <summary>The index stays: what is under way is still compared with it, and finds the same.</summary>
    private LedgerUnavailableException WentBack() => source.WentBack(block);
}
