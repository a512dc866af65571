using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>
/// Runs jobs, the oldest first, so many at once; goes on with those of processes that are no more.
/// </summary>
/// <remarks>
/// A process that works on a job saves it every few seconds at least. One whose job was not saved for
/// <see cref="SilenceMax"/>, by the clock of who looks, is taken for dead, and whoever takes the job over first has it.
/// If it was only slow, its next save fails and it stops; what both recorded meanwhile is there once.
/// </remarks>
internal sealed partial class JobRunner(
    Jobs jobs, JobHolds holds, JobFiles files, ILedgerStore store, IEnumerable<IFileWork> works,
    IEnumerable<IReadiness> parts, IHostApplicationLifetime process, TimeProvider time, ILogger<JobRunner> logger)
    : BackgroundService
{
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Dictionary<FileKind, IFileWork> _works = works.ToDictionary(work => work.Kind);
    private readonly Dictionary<string, Task> _running = [];

    /// <summary>Versions of jobs in the hands of others, and when they were first seen.</summary>
    private readonly Dictionary<string, (string Version, long Since)> _silent = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // As soon as the process is told to stop: others go on with its jobs while it still ends its requests.
        using var stops = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, process.ApplicationStopping);
        await Task.WhenAll(LookAllAsync(stops.Token), SweepAllAsync(stops.Token));
    }

    private async Task LookAllAsync(CancellationToken stopping)
    {
        Task added = Task.CompletedTask;
        while (!stopping.IsCancellationRequested)
        {
            // Before the look: what is added after it must not be forgotten.
            if (added.IsCompleted)
            {
                while (jobs.Added.TryRead(out _)) { }
                added = jobs.Added.WaitToReadAsync(stopping).AsTask();
            }

            foreach (string id in _running.Where(run => run.Value.IsCompleted).Select(run => run.Key).ToArray())
            {
                _running.Remove(id);
            }

            // A ledger that cannot answer would end every job at its first line.
            if (!parts.Any(part => part.WhyNotReady is not null)) await TryAsync(() => LookAsync(stopping), stopping);
            await Task.WhenAny([added, Task.Delay(BetweenLooks, time, stopping), .. _running.Values]);
        }

        await Task.WhenAll(_running.Values);
    }

    private async Task SweepAllAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await TryAsync(() => SweepAsync(stopping), stopping);
            await Task.WhenAny(Task.Delay(BetweenSweeps, time, stopping));
        }
    }

    /// <summary>Whatever it is, the next look may do better.</summary>
    private async Task TryAsync(Func<Task> look, CancellationToken stopping)
    {
        try
        {
            await look();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Nothing was begun.
        }
        catch (Exception failed)
        {
            Log.NotSeen(logger, failed is StoreUnavailableException ? failed.Message : failed.ToString());
        }
    }

    /// <summary>Begins what can be begun, and lets go of what was lost.</summary>
    internal async Task LookAsync(CancellationToken stopping)
    {
        IReadOnlyList<Job> all = await jobs.AllAsync(stopping);
        LetGoOfLost(all);
        foreach (Job job in all.Where(IsFree).OrderBy(job => job.Record.CreatedAt).ThenBy(job => job.Id))
        {
            if (!job.Record.HasArrived)
            {
                await jobs.TryDeleteAsync(job, stopping);
            }
            else if (_running.Values.Count(run => !run.IsCompleted) < Limits.JobsAtOnceMax
                && await jobs.SaveAsync(job, job.Record.Begun(holds.Process), stopping) is { } begun)
            {
                _running[begun.Id] = RunAsync(begun, stopping);
            }
        }
    }

    /// <summary>Deletes jobs that ended long enough ago, and files of jobs that are gone.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = time.GetUtcNow() - JobRecord.KeptAfterEnd;
        foreach (Job job in await jobs.AllAsync(cancellationToken))
        {
            if (job.Record.EndedAt <= before) await jobs.TryDeleteAsync(job, cancellationToken);
        }

        await files.SweepAsync(async () => await jobs.IdsAsync(cancellationToken), cancellationToken);
    }

    private void LetGoOfLost(IReadOnlyList<Job> all)
    {
        HashSet<string> ours = [.. all.Where(job => job.Record.Holder == holds.Process).Select(job => job.Id)];
        foreach (string id in _running.Keys.Where(id => !ours.Contains(id))) holds.LetGo(id);
        foreach (string id in _silent.Keys.Except(all.Select(job => job.Id)).ToArray()) _silent.Remove(id);
    }

    /// <summary>Nobody works on it.</summary>
    private bool IsFree(Job job)
    {
        if (job.Record.HasEnded) return false;
        if (job.Record.Holder is null) return true;
        if (holds.Has(job.Id)) return false;
        if (store.HeadsInMemory) return true; // There is no other process.

        if (!_silent.TryGetValue(job.Id, out (string Version, long Since) seen) || seen.Version != job.Version)
        {
            _silent[job.Id] = (job.Version, time.GetTimestamp());
            return false;
        }

        return time.GetElapsedTime(seen.Since) >= SilenceMax;
    }

    private async Task RunAsync(Job begun, CancellationToken stopping)
    {
        using JobHold hold = holds.Hold(begun.Id, stopping);
        using var run = new JobRun(begun, jobs, files, time);
        JobRecord next;
        try
        {
            if (begun.Record.Deaths > Limits.JobDeathsMax) throw new InvalidOperationException("It never ends.");

            next = await run.RunAsync(_works[begun.Record.Kind], hold.Ends);
        }
        catch (Exception lost) when (hold.IsLost || lost is JobLostException)
        {
            await TryDeleteAsync(
                async () => await DropOutputAsync(
                    begun.Record, await jobs.FindAsync(begun.Id, CancellationToken.None)),
                begun.Id);
            return;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            next = run.Record.LetGo();
        }
        catch (StoreUnavailableException failed)
        {
            Log.Broken(logger, begun.Id, failed.Message);
            await Task.WhenAny(Task.Delay(BetweenLooks, time, stopping));
            next = run.Record.LetGo();
        }
        catch (FileRefusedException refused)
        {
            next = Failed(run, refused.Kind, refused.Detail);
        }
        catch (FileStoreFullException)
        {
            Log.Full(logger, begun.Id);
            next = Failed(run, ProblemCatalog.StorageFull);
        }
        catch (Exception surprise)
        {
            Log.Surprised(logger, begun.Id, LogText.WithoutNumbers(surprise.ToString()));
            next = Failed(run, ProblemCatalog.Internal);
        }

        await SettleAsync(begun.Record, next, stopping);
    }

    /// <summary>Saves what has become of an attempt, however often it takes; its files go when it has ended.</summary>
    private async Task SettleAsync(JobRecord begun, JobRecord next, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                // Read anew: an earlier save may have been done, though it failed.
                Job? job = await jobs.FindAsync(begun.Id, CancellationToken.None);
                if (job is null || job.Record.Attempt != begun.Attempt)
                {
                    await DropOutputAsync(begun, job);
                    return;
                }

                if (job.Record.Holder is not null && await jobs.SaveAsync(job, next, CancellationToken.None) is null)
                {
                    continue;
                }

                break;
            }
            catch (StoreUnavailableException failed)
            {
                Log.NotSaved(logger, begun.Id, failed.Message);
                if (stopping.IsCancellationRequested) return; // Whoever finds it silent goes on with it.

                await Task.WhenAny(Task.Delay(BetweenLooks, time, stopping));
            }
        }

        if (!next.HasEnded) return;

        int kept = next.Status is JobStatus.Failed ? 0 : next.Output;
        await TryDeleteAsync(() => files.DeleteInputAsync(begun.Id, CancellationToken.None), begun.Id);
        await TryDeleteAsync(() => files.DeleteOutputsAsync(next, kept, CancellationToken.None), begun.Id);
    }

    private JobRecord Failed(JobRun run, ProblemKind kind, string? detail = null) => run.Record.Ended(
        JobStatus.Failed, time.GetUtcNow(), new JobFailure(kind.Code, detail ?? kind.Remedy));

    /// <summary>
    /// Deletes what an attempt that was lost has written, unless the next one begins with it. That deletes it itself.
    /// </summary>
    /// <param name="now">The job as it is since; null: it was deleted.</param>
    private async Task DropOutputAsync(JobRecord lost, Job? now)
    {
        if (now?.Record.Output != lost.Attempt) await files.DeleteOutputAsync(lost, CancellationToken.None);
    }

    private async Task TryDeleteAsync(Func<Task> delete, string job)
    {
        try
        {
            await delete();
        }
        catch (Exception failed) when (failed is StoreUnavailableException or FileStoreFullException)
        {
            Log.NotDeleted(logger, job, failed.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1702, LogLevel.Error, "Job {Job} failed: there is no room for its answer.")]
        public static partial void Full(ILogger logger, string job);

        [LoggerMessage(1703, LogLevel.Error, "Job {Job} failed: {What}")]
        public static partial void Surprised(ILogger logger, string job, string what);

        [LoggerMessage(1704, LogLevel.Error, "What has become of job {Job} could not be saved: {What}")]
        public static partial void NotSaved(ILogger logger, string job, string what);

        [LoggerMessage(1705, LogLevel.Warning, "Jobs could not be looked at: {What}")]
        public static partial void NotSeen(ILogger logger, string what);

        [LoggerMessage(1706, LogLevel.Warning, "A file of job {Job} could not be deleted: {What} It goes with the job.")]
        public static partial void NotDeleted(ILogger logger, string job, string what);

        [LoggerMessage(1707, LogLevel.Warning, "Job {Job} was broken off: {What} It goes on.")]
        public static partial void Broken(ILogger logger, string job, string what);
    }
}
