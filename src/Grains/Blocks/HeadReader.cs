namespace NumberLedger.Grains;

/// <summary>
/// Reads heads from the store, one read in flight: whoever asks meanwhile shares the next one, which begins after they
/// asked. That order is what makes an index believable.
/// </summary>
internal sealed class HeadReader(ILedgerStore store, StoreCalls calls, StoreDeadlines deadlines)
{
    private readonly Lock _gate = new();
    private Batch? _next;
    private bool _reading;

    /// <summary>The head of a block, by a read that began after this call.</summary>
    /// <exception cref="LedgerUnavailableException">
    /// No head within the deadline, which counts from this call.
    /// </exception>
    public ValueTask<BlockHead> ReadAsync(NumberBlock block) =>
        store.HeadsInMemory ? new(calls.HeadInMemory(block)) : ShareAsync(block);

    private async ValueTask<BlockHead> ShareAsync(NumberBlock block)
    {
        Batch batch;
        int place;
        bool mine;
        lock (_gate)
        {
            batch = _next ??= new Batch();
            place = batch.Blocks.Count;
            batch.Blocks.Add(block);
            mine = !_reading;
            if (mine) (_reading, _next) = (true, null);
        }

        if (mine) _ = ReadAllAsync(batch);
        try
        {
            BlockHead[] heads = await batch.Heads.Task.WaitAsync(deadlines.Head);
            return heads[place];
        }
        catch (TimeoutException)
        {
            throw StoreCalls.Late();
        }
    }

    /// <summary>Off the asking grain's scheduler after the first read: the next ones belong to others.</summary>
    private async Task ReadAllAsync(Batch? batch)
    {
        while (batch is not null)
        {
            NumberBlock[] blocks = [.. batch.Blocks];
            try
            {
                batch.Heads.SetResult(
                    await calls.HeadsAsync(token => store.ReadHeadsAsync(blocks, token)).ConfigureAwait(false));
            }
            catch (Exception failure)
            {
                batch.Heads.SetException(failure);
            }

            lock (_gate)
            {
                (batch, _next) = (_next, null);
                _reading = batch is not null;
            }
        }
    }

    private sealed class Batch
    {
        public List<NumberBlock> Blocks { get; } = [];

        // Continuations run elsewhere: one slow waiter must not hold up the next read.
        public TaskCompletionSource<BlockHead[]> Heads { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
