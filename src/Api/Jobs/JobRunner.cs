using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>
/// Runs jobs, the oldest first, so many at once; goes on after a restart with those that had not ended.
/// </summary>
internal sealed partial class JobRunner(
    Jobs jobs, JobFiles files, IEnumerable<IFileWork> works, IEnumerable<IReadiness> parts, TimeProvider time,
    ILogger<JobRunner> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Dictionary<FileKind, IFileWork> _works = works.ToDictionary(work => work.Kind);

    /// <summary>Jobs are known before the first request is.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await jobs.LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(0, Limits.JobsAtOnceMax).Select(_ => RunAllAsync(stoppingToken))
            .Append(SweepAsync(stoppingToken)));

    private async Task RunAllAsync(CancellationToken stopping)
    {
        while (true)
        {
            FileJob job = await jobs.Queue.ReadAsync(stopping);
            await ReadyAsync(stopping);
            await RunAsync(job, stopping);
        }
    }

    private async Task RunAsync(FileJob job, CancellationToken stopping)
    {
        if (job.IsDeleted) return;

        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(job.Cancelled, stopping);
        JobRecord? ended = null;
        try
        {
            ended = await new JobRun(job, jobs, files, time).RunAsync(_works[job.Record.Kind], cancelled.Token);
        }
        catch (Exception) when (job.IsDeleted)
        {
            // Whatever it was, nobody waits for it.
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            job.Pauses(); // The next process goes on with it.
            return;
        }
        catch (FileRefusedException refused)
        {
            ended = Failed(job, refused.Kind, refused.Detail);
        }
        catch (FileStoreFullException)
        {
            Log.Full(logger, job.Id);
            ended = Failed(job, ProblemCatalog.StorageFull);
        }
        catch (Exception surprise)
        {
            Log.Surprised(logger, job.Id, LogText.WithoutNumbers(surprise.ToString()));
            ended = Failed(job, ProblemCatalog.Internal);
        }

        await EndAsync(job, ended);
    }

    /// <summary>The record says that it ended before its file goes.</summary>
    private async Task EndAsync(FileJob job, JobRecord? ended)
    {
        try
        {
            bool isKept = ended is not null && await jobs.SaveAsync(job, ended, CancellationToken.None);
            if (!isKept)
            {
                // It was deleted while it ran, and may have made a file since.
                await files.DeleteAsync(job.Id, CancellationToken.None);
                return;
            }

        }
        catch (Exception failed)
        {
            // To its owner it runs still, and the next process runs it again: it has not ended unless its record says
            // so.
            Log.NotSaved(logger, job.Id, failed.GetType().Name);
            return;
        }

        try
        {
            await files.DeleteInputAsync(job.Id, CancellationToken.None);
            if (ended!.Status is JobStatus.Failed) await files.DeleteOutputAsync(job.Id, CancellationToken.None);
        }
        catch (Exception failed)
        {
            Log.NotDeleted(logger, job.Id, failed.GetType().Name);
        }
    }

    private JobRecord Failed(FileJob job, ProblemKind kind, string? detail = null) => job.Record with
    {
        Status = JobStatus.Failed,
        EndedAt = time.GetUtcNow(),
        Checkpoint = job.Checkpoint,
        Tail = [],
        Failure = new JobFailure(kind.Code, detail ?? kind.Remedy),
    };

    /// <summary>A ledger that cannot answer would end every job at its first line.</summary>
    private async Task ReadyAsync(CancellationToken stopping)
    {
        while (parts.Any(part => part.WhyNotReady is not null)) await Task.Delay(BetweenLooks, time, stopping);
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await jobs.SweepAsync(stopping);
            }
            catch (StoreUnavailableException failed)
            {
                Log.NotSwept(logger, failed.Message);
            }

            await Task.Delay(BetweenSweeps, time, stopping);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1702, LogLevel.Error, "Job {Job} failed: there is no room for its answer.")]
        public static partial void Full(ILogger logger, string job);

        [LoggerMessage(1703, LogLevel.Error, "Job {Job} failed: {What}")]
        public static partial void Surprised(ILogger logger, string job, string what);

        [LoggerMessage(1704, LogLevel.Error, "Job {Job} ended, which could not be saved: {What}. It runs again after a restart.")]
        public static partial void NotSaved(ILogger logger, string job, string what);

        [LoggerMessage(1706, LogLevel.Warning, "Job {Job} ended; its file could not be deleted: {What}. It goes at the next start.")]
        public static partial void NotDeleted(ILogger logger, string job, string what);

        [LoggerMessage(1705, LogLevel.Warning, "Old jobs could not be deleted: {What}")]
        public static partial void NotSwept(ILogger logger, string what);
    }
}
