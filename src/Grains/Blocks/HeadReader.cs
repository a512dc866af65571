namespace NumberLedger.Grains;

/// <summary>
/// Reads heads from the store, one read in flight: whoever asks meanwhile shares the next one, which begins after they
/// asked. That order is what makes an index believable. Each reads the registry's head too, since every question needs
/// it beside its block's.
/// </summary>
internal sealed class HeadReader(ILedgerStore store, StoreCalls calls, StoreDeadlines deadlines)
{
    private readonly Lock _gate = new();
    private Batch? _next;
    private bool _reading;
    private long _begun;
    private volatile RegistryRead? _registry;

    /// <summary>How many reads have begun: a later one began after this was asked.</summary>
    public long Begun => Volatile.Read(ref _begun);

    /// <summary>The registry's head, if a read that began after so many others has ended; or else null.</summary>
    public BlockHead? RegistrySince(long begun) =>
        _registry is { } last && last.Number > begun ? last.Head : null;

    /// <summary>The head of a block, by a read that began after this call.</summary>
    /// <exception cref="LedgerUnavailableException">
    /// No head within the deadline, which counts from whoever asked first of those who share the read.
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
            batch = _next ??= new Batch(deadlines.Head);
            place = batch.Blocks.Count;
            batch.Blocks.Add(block);
            mine = !_reading;
            if (mine) (_reading, _next, batch.Number) = (true, null, ++_begun);
        }

        if (mine) _ = ReadAllAsync(batch);
        return (await batch.Heads.ConfigureAwait(false))[place];
    }

    /// <summary>Off the asking grain's scheduler after the first read: the next ones belong to others.</summary>
    private async Task ReadAllAsync(Batch? batch)
    {
        while (batch is not null)
        {
            NumberBlock[] blocks = [.. batch.Blocks];
            using Batch read = batch;
            try
            {
                BlockHead[] heads = await calls.HeadsAsync(token => store.ReadHeadsAsync(blocks, token))
                    .ConfigureAwait(false);
                _registry = new(read.Number, heads[0]);
                read.End(heads);
            }
            catch (Exception failure)
            {
                read.Fail(failure);
            }

            lock (_gate)
            {
                (batch, _next) = (_next, null);
                _reading = batch is not null;
                if (batch is not null) batch.Number = ++_begun;
            }
        }
    }

    /// <summary>With one deadline for all: a timer for each would cost as much as the rest of its wait.</summary>
    private sealed class Batch : IDisposable
    {
        // Continuations run elsewhere: one slow waiter must not hold up the next read.
        private readonly TaskCompletionSource<BlockHead[]> _heads = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly Timer _late;

        public Batch(TimeSpan deadline) => _late = new Timer(
            static batch => ((Batch)batch!).Fail(StoreCalls.Late()), this, deadline, Timeout.InfiniteTimeSpan);

        public List<NumberBlock> Blocks { get; } = [NumberBlock.Registry];

        /// <summary>Of the reads in the order in which they began, from 1.</summary>
        public long Number { get; set; }

        public Task<BlockHead[]> Heads => _heads.Task;

        public void End(BlockHead[] heads) => _heads.TrySetResult(heads);

        public void Fail(Exception failure) => _heads.TrySetException(failure);

        public void Dispose() => _late.Dispose();
    }

    private sealed record RegistryRead(long Number, BlockHead Head);
}
