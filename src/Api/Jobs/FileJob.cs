namespace NumberLedger.Api;

/// <summary>A job in this process.</summary>
internal sealed class FileJob(JobRecord record, TimeProvider time) : IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancelled = new();
    private volatile JobRecord _record = record;
    private volatile FileProgress? _progress;
    private JobRate _rate = new();
    private long _begun;

    public string Id => _record.Id;

    /// <summary>As it was saved last.</summary>
    public JobRecord Record => _record;

    /// <summary>How far its work is; null while it does not run.</summary>
    public FileProgress? Progress => _progress;

    public JobStatus Status => !_record.HasEnded && _progress is not null ? JobStatus.Running : _record.Status;

    public FileCheckpoint Checkpoint => _progress?.Checkpoint ?? _record.Checkpoint;

    /// <summary>Of the file while it is needed, of the answer from then on; a failed job has none.</summary>
    public long BytesKept => _record.Status is JobStatus.Failed ? 0
        : _record.HasEnded ? _record.Checkpoint.BytesWritten
        : _record.Bytes;

    /// <summary>Rows and bytes of the file in a second; null while they are not known.</summary>
    public (double Rows, double Bytes)? Rate => _progress is null ? null : _rate.At(Now);

    /// <summary>Held while the job is saved or deleted, so that a late checkpoint does not bring it back.</summary>
    public SemaphoreSlim Saving { get; } = new(1);

    public bool IsDeleted { get; private set; }

    /// <summary>Its owner does not want it any more.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Completes when it has ended, in whatever way.</summary>
    public Task Ended => _record.HasEnded ? Task.CompletedTask : _ended.Task;

    public void Runs(FileProgress progress)
    {
        _rate = new JobRate();
        _begun = time.GetTimestamp();
        _progress = progress;
        Noted(progress.Checkpoint);
    }

    /// <summary>Its work has come this far.</summary>
    public void Noted(FileCheckpoint checkpoint) => _rate.Note(Now, checkpoint.Rows, checkpoint.BytesRead);

    /// <summary>The process ends before the job.</summary>
    public void Pauses() => _progress = null;

    public void Saved(JobRecord record)
    {
        _record = record;
        if (!record.HasEnded) return;

        _progress = null;
        _ended.TrySetResult();
    }

    public void Deleted()
    {
        IsDeleted = true;
        if (!_record.HasEnded)
        {
            Saved(_record with { Status = JobStatus.Cancelled, EndedAt = time.GetUtcNow(), Checkpoint = Checkpoint });
        }

        _cancelled.Cancel();
    }

    public void Dispose()
    {
        _cancelled.Dispose();
        Saving.Dispose();
    }

    /// <summary>Since its work began.</summary>
    private TimeSpan Now => time.GetElapsedTime(_begun);
}
