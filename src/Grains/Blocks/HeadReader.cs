using System.Diagnostics;

namespace NumberLedger.Grains;

/// <summary>
/// Reads heads from the store, one read in flight: whoever asks meanwhile shares the next one, which begins after they
/// asked. That order is what makes an index believable. Each reads the registry's head too, since every question needs
/// it beside its block's.
/// </summary>
/// <remarks>
/// A store that is late with two reads in a row hangs. Who waits for the second, or behind it, is told before its
/// deadline. Then it is tried by one read after another, for whoever asks first, and meanwhile others are told at once:
/// or each would wait for two deadlines.
/// </remarks>
internal sealed class HeadReader(ILedgerStore store, StoreCalls calls, StoreDeadlines deadlines)
{
    /// <summary>One late read may be a moment's trouble: who waits behind it is better off with the next.</summary>
    private const int LateMax = 2;

    /// <summary>Of the deadline: timers are not as fine as the clock.</summary>
    private const double NearlyAll = 0.9;

    private readonly Lock _gate = new();
    private Batch? _next;
    private bool _reading;
    private int _late;
    private long _begun;
    private volatile RegistryRead? _registry;

    /// <summary>How many reads have begun: a later one began after this was asked.</summary>
    public long Begun => Volatile.Read(ref _begun);

    /// <summary>The registry's head, if a read that began after so many others has ended; or else null.</summary>
    public BlockHead? RegistrySince(long begun) =>
        _registry is { } last && last.Number > begun ? last.Head : null;

    /// <summary>The head of a block, by a read that began after this call.</summary>
    /// <exception cref="LedgerUnavailableException">
    /// No head within the deadline, which counts from when the read begins.
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
            if (_late >= LateMax && _reading) throw StoreCalls.Late();

            batch = _next ??= new Batch();
            place = batch.Blocks.Count;
            batch.Blocks.Add(block);
            mine = !_reading;
            if (mine) (_reading, _next, batch.Number) = (true, null, ++_begun);
        }

        if (mine) _ = ReadAllAsync(batch);
        return (await batch.Heads.Task.ConfigureAwait(false))[place];
    }

    /// <summary>Off the asking grain's scheduler after the first read: the next ones belong to others.</summary>
    private async Task ReadAllAsync(Batch? batch)
    {
        while (batch is not null)
        {
            Batch read = batch;
            BlockHead[]? heads = null;
            Exception? failure = null;
            long since = Stopwatch.GetTimestamp();
            try
            {
                NumberBlock[] blocks = [.. read.Blocks];
                heads = _late == 0
                    ? await HeadsAsync(blocks).ConfigureAwait(false)
                    : await HeadsOrLateAsync(read, blocks).ConfigureAwait(false);
            }
            catch (Exception failed)
            {
                failure = failed;
            }

            bool isLate = failure is not null && Stopwatch.GetElapsedTime(since) >= deadlines.Head * NearlyAll;
            lock (_gate)
            {
                _late = isLate ? _late + 1 : 0;
                if (heads is not null) _registry = new(read.Number, heads[0]);
                (batch, _next) = (_next, null);
                _reading = batch is not null;
                if (batch is not null) batch.Number = ++_begun;
            }

            if (failure is null) read.Heads.TrySetResult(heads!);
            else read.Heads.TrySetException(failure);
        }
    }

    /// <summary>After a late read, who waits for this one, or behind it, is told before it has ended.</summary>
    private async Task<BlockHead[]> HeadsOrLateAsync(Batch read, NumberBlock[] blocks)
    {
        Task<BlockHead[]> pending = HeadsAsync(blocks).AsTask();
        if (await Task.WhenAny(pending, Task.Delay(deadlines.HeadPatience)).ConfigureAwait(false) != pending)
        {
            Batch? behind;
            lock (_gate) (behind, _next, _late) = (_next, null, LateMax);
            read.Heads.SetException(StoreCalls.Late());
            behind?.Heads.SetException(StoreCalls.Late());
        }

        return await pending.ConfigureAwait(false);
    }

    private ValueTask<BlockHead[]> HeadsAsync(NumberBlock[] blocks) =>
        calls.HeadsAsync(token => store.ReadHeadsAsync(blocks, token));

    private sealed class Batch
    {
        public List<NumberBlock> Blocks { get; } = [NumberBlock.Registry];

        /// <summary>Of the reads in the order in which they began, from 1.</summary>
        public long Number { get; set; }

        // Continuations run elsewhere: one slow waiter must not hold up the next read.
        public TaskCompletionSource<BlockHead[]> Heads { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record RegistryRead(long Number, BlockHead Head);
}
