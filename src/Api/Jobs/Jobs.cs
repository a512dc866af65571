using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Api;

/// <summary>All jobs: found by their owners, saved, deleted, and handed to the runner in order.</summary>
internal sealed partial class Jobs(JobFiles files, TimeProvider time, ILogger<Jobs> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, FileJob> _jobs = new();
    private readonly Channel<FileJob> _queue = Channel.CreateUnbounded<FileJob>();

    /// <summary>Those that are to run, the oldest first.</summary>
    public ChannelReader<FileJob> Queue => _queue.Reader;

    /// <summary>Finds what an earlier process left, and queues what it had not ended.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<string> ids, IReadOnlyList<string> remains) = await files.ListAsync(cancellationToken);
        foreach (string id in remains) await files.DeleteAsync(id, cancellationToken);

        foreach (string id in ids)
        {
            if (await TryReadAsync(id, cancellationToken) is not { } record) continue;

            _jobs.TryAdd(id, new FileJob(record, time));
            if (record.HasEnded) await files.DeleteInputAsync(id, cancellationToken);
        }

        foreach (FileJob job in _jobs.Values.Where(job => !job.Record.HasEnded).OrderBy(job => job.Record.CreatedAt))
        {
            _queue.Writer.TryWrite(job);
        }
    }

    /// <summary>A job of this kind and owner; to anybody else it is as if it never was.</summary>
    public FileJob? Find(string owner, FileKind kind, string id) =>
        _jobs.TryGetValue(id, out FileJob? job) && job.Record.Owner == owner && job.Record.Kind == kind ? job : null;

    /// <summary>The latest first.</summary>
    public IEnumerable<FileJob> Of(string owner, FileKind kind) =>
        Of(owner).Where(job => job.Record.Kind == kind).OrderByDescending(job => job.Record.CreatedAt)
            .ThenBy(job => job.Id, StringComparer.Ordinal);

    public IEnumerable<FileJob> Of(string owner) => _jobs.Values.Where(job => job.Record.Owner == owner);

    /// <summary>From when this returns the job exists, and will be run whatever happens.</summary>
    public async Task<FileJob> AddAsync(JobRecord record, CancellationToken cancellationToken)
    {
        await files.SaveAsync(record, cancellationToken);
        var job = new FileJob(record, time);
        _jobs.TryAdd(record.Id, job);
        _queue.Writer.TryWrite(job);
        return job;
    }

    /// <returns>False: the job was deleted meanwhile.</returns>
    public async Task<bool> SaveAsync(FileJob job, JobRecord record, CancellationToken cancellationToken)
    {
        await job.Saving.WaitAsync(cancellationToken);
        try
        {
            if (job.IsDeleted) return false;

            await files.SaveAsync(record, cancellationToken);
            job.Saved(record);
            return true;
        }
        finally
        {
            job.Saving.Release();
        }
    }

    /// <summary>Cancels a job that has not ended, and deletes all of it.</summary>
    public async Task DeleteAsync(FileJob job, CancellationToken cancellationToken)
    {
        await job.Saving.WaitAsync(cancellationToken);
        try
        {
            await files.DeleteAsync(job.Id, cancellationToken);
            _jobs.TryRemove(job.Id, out _);
            job.Deleted();
        }
        finally
        {
            job.Saving.Release();
        }
    }

    /// <summary>Deletes jobs that ended long enough ago.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = time.GetUtcNow() - JobRecord.KeptAfterEnd;
        foreach (FileJob job in _jobs.Values.Where(job => job.Record.EndedAt <= before))
        {
            await DeleteAsync(job, cancellationToken);
        }
    }

    /// <summary>
    /// With the process. A job that was deleted before is left to the collector: its run may still end.
    /// </summary>
    public void Dispose()
    {
        foreach (FileJob job in _jobs.Values) job.Dispose();
    }

    private async Task<JobRecord?> TryReadAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await files.ReadAsync(id, cancellationToken);
        }
        catch (BrokenFileException broken)
        {
            // Not deleted: with the right master key it may be whole.
            Log.NotReadable(logger, broken.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1701, LogLevel.Error, "A job is left alone: {What}")]
        public static partial void NotReadable(ILogger logger, string what);
    }
}
