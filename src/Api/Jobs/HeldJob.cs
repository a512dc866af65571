namespace NumberLedger.Api;

/// <summary>A job's state while this process works on it.</summary>
/// <remarks>
/// Saved as the work moves, and again when it has not moved for a while: a sender may pause, and a large chunk takes
/// its time, and nobody is to take the process for dead meanwhile.
/// </remarks>
/// <param name="job">As it was saved for this process.</param>
internal sealed class HeldJob(Job job, Jobs jobs, TimeProvider time) : IDisposable
{
    /// <summary>Well within what others wait for.</summary>
    private static readonly TimeSpan StillMax = JobRunner.SilenceMax / 6;

    private readonly SemaphoreSlim _saving = new(1);
    private long _saved = time.GetTimestamp();
    private Exception? _why;

    /// <summary>As it was saved last.</summary>
    public Job Job { get; private set; } = job;

    public TimeSpan SinceSaved => time.GetElapsedTime(_saved);

    /// <exception cref="JobLostException">Another process goes on with it, or it was deleted.</exception>
    /// <exception cref="StoreUnavailableException">Whether it was saved is unknown: the work must end.</exception>
    public async Task SaveAsync(Func<JobRecord, JobRecord> change, CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(cancellationToken);
        try
        {
            Job = await jobs.SaveAsync(Job, change(Job.Record), cancellationToken) ?? throw new JobLostException();
            _saved = time.GetTimestamp();
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <summary>Does the work, and ends it when the job is lost, or its state cannot be saved.</summary>
    /// <inheritdoc cref="SaveAsync"/>
    public async Task<T> KeepAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var done = new CancellationTokenSource();
        Task keeping = KeepAsync(ends, done.Token);
        try
        {
            return await work(ends.Token);
        }
        catch (OperationCanceledException) when (_why is not null)
        {
            throw _why;
        }
        finally
        {
            await done.CancelAsync();
            await keeping;
        }
    }

    public void Dispose() => _saving.Dispose();

    private async Task KeepAsync(CancellationTokenSource ends, CancellationToken done)
    {
        while (true)
        {
            try
            {
                await Task.Delay(StillMax, time, done);
                if (SinceSaved >= StillMax) await SaveAsync(record => record, done);
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return;
            }
            catch (Exception why) when (why is JobLostException or StoreUnavailableException)
            {
                _why = why;
                await ends.CancelAsync();
                return;
            }
        }
    }
}

/// <summary>Another process goes on with a job, or it was deleted.</summary>
internal sealed class JobLostException() : Exception("The job is another's now.");
