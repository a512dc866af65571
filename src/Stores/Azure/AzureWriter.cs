using Azure.Data.Tables;
using Polly;
using Polly.Retry;

namespace NumberLedger.Stores;

/// <summary>
/// Gathers appends to a block while one transaction is under way, and writes them as the next one; blocks do not wait
/// for each other.
/// </summary>
/// <remarks>
/// One transaction of a process at a time for each block: two would only refuse each other. Other processes may come
/// first, which is found out by a refusal; then, as after a failure, the group is judged again.
/// </remarks>
internal sealed class AzureWriter(TableClient table, AzureDeadlines deadlines) : IAsyncDisposable
{
    /// <summary>Entries that may wait. Past it a caller is refused at once.</summary>
    private const int WaitingMax = 65_536;

    private readonly Lock _gate = new(); // Guards all that follows.
    private readonly Dictionary<NumberBlock, Worker> _workers = [];
    private int _waiting;
    private bool _isClosed;

    private readonly ResiliencePipeline<AppendResult[]?> _untilSettled = UntilSettled(deadlines.Append);

    /// <exception cref="StoreUnavailableException">The outcome is unknown.</exception>
    /// <exception cref="BrokenLedgerException">The block is damaged. The outcome is unknown.</exception>
    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        var job = new AppendJob(append, cancellationToken);
        lock (_gate)
        {
            if (_isClosed) throw new StoreUnavailableException("The store is closed.");
            if (_waiting + append.Entries.Count > WaitingMax)
            {
                throw new StoreUnavailableException($"The store is busy: {_waiting} entries wait to be written.");
            }

            _waiting += append.Entries.Count;
            if (_workers.TryGetValue(append.Block, out Worker? worker))
            {
                worker.Jobs.Enqueue(job);
            }
            else
            {
                worker = new Worker();
                worker.Jobs.Enqueue(job);
                _workers.Add(append.Block, worker);
                worker.Writing = Task.Run(() => WriteAllAsync(append.Block, worker), CancellationToken.None);
            }
        }

        return job.Done;
    }

    public async ValueTask DisposeAsync()
    {
        Task[] writing;
        lock (_gate)
        {
            _isClosed = true;
            writing = [.. _workers.Values.Select(worker => worker.Writing)];
        }

        await Task.WhenAll(writing);
    }

    private static ResiliencePipeline<AppendResult[]?> UntilSettled(TimeSpan deadline)
    {
        var again = new RetryStrategyOptions<AppendResult[]?>
        {
            ShouldHandle = static args => ValueTask.FromResult(
                args.Outcome.Exception is { } failed ? AzureFaults.IsTransient(failed) : args.Outcome.Result is null),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(10),
            MaxDelay = TimeSpan.FromMilliseconds(100),
            UseJitter = true,
        };
        return new ResiliencePipelineBuilder<AppendResult[]?>().AddTimeout(deadline).AddRetry(again).Build();
    }

    private async Task WriteAllAsync(NumberBlock block, Worker worker)
    {
        while (TakeGroup(block, worker) is { } group)
        {
            if (group.Count > 0) await WriteAsync(block, group);
        }
    }

    /// <returns>As many as one transaction takes; null: nothing waits any more.</returns>
    private List<AppendJob>? TakeGroup(NumberBlock block, Worker worker)
    {
        lock (_gate)
        {
            if (worker.Jobs.Count == 0)
            {
                _workers.Remove(block);
                return null;
            }

            var group = new List<AppendJob>();
            int entries = 0;
            while (worker.Jobs.TryPeek(out AppendJob? job)
                && entries + job.Append.Entries.Count <= AzureLimits.EntriesPerAppend)
            {
                worker.Jobs.Dequeue();
                _waiting -= job.Append.Entries.Count;
                if (job.TrySkip()) continue;

                group.Add(job);
                entries += job.Append.Entries.Count;
            }

            return group;
        }
    }

    private async Task WriteAsync(NumberBlock block, List<AppendJob> jobs)
    {
        try
        {
            // Not cancelled with any of its callers: they share it.
            var group = new AzureGroup(table, block, [.. jobs.Select(job => job.Append)]);
            AppendResult[]? results = await _untilSettled.ExecuteAsync(
                static async (group, token) => await group.TryAsync(token), group, CancellationToken.None);
            for (int i = 0; i < jobs.Count; i++) jobs[i].Complete(results![i]);
        }
        catch (Exception failed)
        {
            // Also of a bug of ours: the loop goes on, and nobody waits for ever.
            Exception unknown = failed is BrokenLedgerException ? failed : AzureFaults.Translate(failed);
            foreach (AppendJob job in jobs) job.Fail(unknown);
        }
    }

    private sealed class Worker
    {
        public Queue<AppendJob> Jobs { get; } = new();

        public Task Writing { get; set; } = Task.CompletedTask;
    }
}
