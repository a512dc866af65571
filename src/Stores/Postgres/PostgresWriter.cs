using System.Diagnostics;
using System.Threading.Channels;
using Npgsql;

namespace NumberLedger.Stores;

/// <summary>Gathers appends while a group is under way, and writes them as the next one.</summary>
/// <remarks>
/// One connection: what arrives meanwhile is the next group, so the more callers there are, the more share a wait for
/// the disk. Several connections would only wait for each other's heads.
/// </remarks>
internal sealed class PostgresWriter : IAsyncDisposable
{
    private const int GroupEntriesMax = 1_024;

    /// <summary>Entries that may wait. Past it a caller is refused at once.</summary>
    private const int WaitingMax = 64 * GroupEntriesMax;

    /// <summary>A fraction of what a server takes for a transaction.</summary>
    private static readonly TimeSpan GatherMax = TimeSpan.FromMicroseconds(300);

    private readonly NpgsqlDataSource _source;
    private readonly TimeSpan _deadline;
    private readonly Channel<AppendJob> _queue = Channel.CreateUnbounded<AppendJob>(new() { SingleReader = true });
    private readonly Task _writing;
    private NpgsqlConnection? _connection;
    private int _waiting;

    /// <summary>Who waits, as <see cref="_waiting"/> counts their entries.</summary>
    private int _callers;

    /// <param name="deadline">Of a group.</param>
    public PostgresWriter(NpgsqlDataSource source, TimeSpan deadline)
    {
        (_source, _deadline) = (source, deadline);
        _writing = Task.Run(WriteAllAsync);
    }

    /// <exception cref="StoreUnavailableException">The outcome is unknown.</exception>
    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        int entries = append.Entries.Count;
        if (Interlocked.Add(ref _waiting, entries) > Math.Max(WaitingMax, entries))
        {
            int waiting = Interlocked.Add(ref _waiting, -entries);
            throw new StoreUnavailableException($"The store is busy: {waiting} entries wait to be written.");
        }

        var job = new AppendJob(append, cancellationToken);
        Interlocked.Increment(ref _callers);
        if (_queue.Writer.TryWrite(job)) return job.Done;

        Interlocked.Decrement(ref _callers);
        Interlocked.Add(ref _waiting, -entries);
        throw new StoreUnavailableException("The store is closed.");
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        if (_connection is not null) await _connection.DisposeAsync();
    }

    private async Task WriteAllAsync()
    {
        var group = new List<AppendJob>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            int entries = 0;
            while (_queue.Reader.TryPeek(out AppendJob? job)
                && (entries == 0 || entries + job.Append.Entries.Count <= GroupEntriesMax))
            {
                _queue.Reader.TryRead(out _);
                Interlocked.Add(ref _waiting, -job.Append.Entries.Count);
                Interlocked.Decrement(ref _callers);
                if (job.TrySkip()) continue;

                group.Add(job);
                entries += job.Append.Entries.Count;
            }

            if (group.Count == 0) continue;

            await WriteAsync(group);
            Gather(group.Count);
        }
    }

    /// <summary>
    /// Waits a moment for those who were just answered: who comes again comes at once, and one transaction serves them
    /// all, not one the first of them and another the rest.
    /// </summary>
    private void Gather(int answered)
    {
        if (answered < 2) return; // Who writes alone waits for nobody.

        long since = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _callers) < answered && Stopwatch.GetElapsedTime(since) < GatherMax) Thread.Yield();
    }

    private async Task WriteAsync(List<AppendJob> group)
    {
        // Not cancelled with any of its callers: they share it.
        using var deadline = new PostgresDeadline(_deadline, CancellationToken.None);
        Task<AppendResult[]>? writing = null;
        try
        {
            _connection ??= await _source.OpenConnectionAsync(deadline.Token);
            writing = new PostgresGroup([.. group.Select(job => job.Append)]).WriteAsync(_connection, deadline.Token);
            AppendResult[] results = await writing.WaitAsync(_deadline);
            for (int i = 0; i < results.Length; i++) group[i].Complete(results[i]);
        }
        catch (Exception failed)
        {
            // Also of a bug of ours: the loop goes on, and nobody waits for ever.
            StoreUnavailableException unknown = PostgresFaults.Translate(failed);
            foreach (AppendJob job in group) job.Fail(unknown);
            if (_connection is { } broken) _ = DropAsync(broken, writing);
            _connection = null;
        }
    }

    /// <summary>
    /// Its transaction may be open, or its answer be under way. Nobody waits for it: a server that is gone without a
    /// word lets go of it after a quarter of an hour.
    /// </summary>
    private static async Task DropAsync(NpgsqlConnection connection, Task? writing)
    {
        try
        {
            await using (connection)
            {
                if (writing is not null) await writing;
            }
        }
        catch (Exception)
        {
            // Whoever waited was told, and it is gone either way.
        }
    }
}
