using System.Diagnostics;

namespace NumberLedger.Stores;

/// <summary>What waits for the writer's thread. Full, it refuses at once: a wait without an end helps nobody.</summary>
/// <remarks>
/// Weights count entries; a claim weighs 1. A job that alone is heavier than the limit may enter an empty queue. Jobs
/// that can wait are taken one at a time, each as a group of its own: when nothing else waits, or after many groups in
/// which something did.
/// </remarks>
internal sealed class WriteQueue(int weightMax)
{
    /// <summary>A fraction of what the fastest disk takes for a sync.</summary>
    private static readonly TimeSpan GatherMax = TimeSpan.FromMicroseconds(200);

    /// <summary>A quarter of a second or so: whoever can wait need not wait for ever.</summary>
    private const int PassedOverMax = 64;

    private readonly Queue<WriteJob> _jobs = new();
    private readonly Queue<WriteJob> _canWait = new();
    private int _passedOver;
    private int _weight;
    private bool _closed;

    private int Waiting
    {
        get
        {
            lock (_jobs) return _jobs.Count;
        }
    }

    public void Add(WriteJob job)
    {
        lock (_jobs)
        {
            if (_closed) throw new StoreUnavailableException("The store is closed.");
            if (_weight > 0 && _weight + job.Weight > weightMax)
            {
                throw new StoreUnavailableException($"The store is busy: {_weight} entries wait to be written.");
            }

            _jobs.Enqueue(job);
            _weight += job.Weight;
            if (_jobs.Count == 1) Monitor.Pulse(_jobs);
        }
    }

    public void AddWhatCanWait(WriteJob job)
    {
        lock (_jobs)
        {
            if (_closed) throw new StoreUnavailableException("The store is closed.");

            _canWait.Enqueue(job);
            Monitor.Pulse(_jobs);
        }
    }

    /// <summary>
    /// Waits a moment for those who were just answered: who comes again comes at once, and one wait for the disk serves
    /// them all, not one the first of them and another the rest.
    /// </summary>
    public void Gather(int answered)
    {
        if (answered < 2) return; // Who writes alone waits for nobody.

        long since = Stopwatch.GetTimestamp();
        while (Waiting < answered && Stopwatch.GetElapsedTime(since) < GatherMax) Thread.Yield();
    }

    /// <summary>
    /// Waits for jobs, and takes as many as fit into one group, in order; at least one, unless the wait ended.
    /// </summary>
    /// <param name="waitMax">Null: without end.</param>
    /// <returns>False: the queue is closed and empty.</returns>
    public bool Take(List<WriteJob> group, int groupWeightMax, TimeSpan? waitMax)
    {
        group.Clear();
        lock (_jobs)
        {
            while (_jobs.Count == 0 && _canWait.Count == 0 && !_closed)
            {
                if (!Monitor.Wait(_jobs, waitMax ?? Timeout.InfiniteTimeSpan)) return true;
            }

            if (_canWait.Count > 0 && (_jobs.Count == 0 || ++_passedOver > PassedOverMax))
            {
                _passedOver = 0;
                group.Add(_canWait.Dequeue());
                return true;
            }

            int weight = 0;
            while (_jobs.TryPeek(out WriteJob? job) && (group.Count == 0 || weight + job.Weight <= groupWeightMax))
            {
                group.Add(_jobs.Dequeue());
                weight += job.Weight;
            }

            _weight -= weight;
            return group.Count > 0;
        }
    }

    /// <summary>Lets nothing in any more; what waits is still taken.</summary>
    public void Close()
    {
        lock (_jobs)
        {
            _closed = true;
            Monitor.Pulse(_jobs);
        }
    }
}

/// <summary>One piece of work inside a group's transaction, and who waits for its result.</summary>
internal abstract class WriteJob(int weight)
{
    public int Weight => weight;

    /// <summary>Inside the transaction. The result is kept back until the transaction is durable.</summary>
    public abstract void Run(WriteTransaction transaction);

    /// <summary>The group is durable.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception cause);
}

internal sealed class WriteJob<T>(int weight, Func<WriteTransaction, T> work, CancellationToken cancelled)
    : WriteJob(weight)
{
    // Continuations run elsewhere: the writer's thread has other groups to write.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;
    private bool _skipped;

    public Task<T> Done => cancelled.CanBeCanceled ? _done.Task.WaitAsync(cancelled) : _done.Task;

    public override void Run(WriteTransaction transaction)
    {
        // Nobody waits any more, and nothing was written yet.
        _skipped = cancelled.IsCancellationRequested;
        if (!_skipped) _result = work(transaction);
    }

    public override void Complete()
    {
        if (_skipped) _done.TrySetCanceled(cancelled);
        else _done.TrySetResult(_result);
    }

    public override void Fail(Exception cause) => _done.TrySetException(cause);
}
