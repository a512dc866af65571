namespace NumberLedger.Api;

/// <summary>One attempt at a job, from where it was left to its end.</summary>
/// <remarks>
/// Of a file that writes, the answer up to a checkpoint is made durable before the state that claims it is saved. So
/// whoever goes on begins at a place behind which nothing is claimed, and what was recorded beyond that place is found
/// to be there already.
/// </remarks>
/// <param name="begun">The job, as it was saved for this attempt.</param>
internal sealed class JobRun(Job begun, Jobs jobs, JobFiles files, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(1);

    private readonly HeldJob _held = new(begun, jobs, time);
    private readonly long _begun = time.GetTimestamp();
    private readonly JobRate _rate = new();
    private SealedFileWriter? _output;
    private bool _hasMoved;

    /// <summary>As it was saved last.</summary>
    public JobRecord Record => _held.Job.Record;

    /// <summary>Since the beginning of the attempt.</summary>
    private TimeSpan Now => time.GetElapsedTime(_begun);

    /// <returns>The job as it ended. It is not saved.</returns>
    /// <exception cref="JobLostException">Another process goes on with it, or it was deleted.</exception>
    /// <exception cref="StoreUnavailableException">It can be gone on with once the store is there.</exception>
    public Task<JobRecord> RunAsync(IFileWork work, CancellationToken cancellationToken) =>
        _held.KeepAsync(token => WorkAsync(work, token), cancellationToken);

    public void Dispose() => _held.Dispose();

    private async Task<JobRecord> WorkAsync(IFileWork work, CancellationToken cancellationToken)
    {
        JobRecord record = Record;
        using var progress = new FileProgress
        {
            Checkpoint = record.GoesOn ? record.Checkpoint : FileCheckpoint.Start,
            Reached = checkpoint => ReachedAsync(checkpoint, cancellationToken),
        };
        await using SealedFileWriter output = record.GoesOn
            ? await files.ContinueOutputAsync(record, progress.Digest, cancellationToken)
            : await files.CreateOutputAsync(record, cancellationToken);
        _output = output;
        // From now on the answer is in this attempt's file. Those of the attempts before have had their time.
        await SaveAsync(progress.Checkpoint, cancellationToken);
        await files.DeleteOutputsAsync(record, butOf: record.Attempt, cancellationToken);
        if (!progress.Checkpoint.Ended)
        {
            await using SealedFileReader input =
                await files.OpenInputAsync(record.Id, progress.Checkpoint.BytesRead, cancellationToken);
            await work.RunAsync(record.Order, input, output, progress, cancellationToken);
        }

        FileCheckpoint reached = progress.Checkpoint;
        await output.CompleteAsync(cancellationToken);
        JobStatus status = reached.Stopped is null ? JobStatus.Finished : JobStatus.Stopped;
        return Record.Ended(status, time.GetUtcNow()) with { Checkpoint = reached };
    }

    private async ValueTask ReachedAsync(FileCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        // Who waits for an answer is told; who has left a job gets it later.
        if (checkpoint.Stopped == FileStop.LedgerUnavailable.Code)
        {
            throw new StoreUnavailableException("The ledger could not answer.");
        }

        _rate.Note(Now, checkpoint.Rows, checkpoint.BytesRead);
        bool claims = Record.Kind is not FileKind.Scrub;
        if (_hasMoved && !(claims && checkpoint.Ended) && _held.SinceSaved < BetweenSaves) return;

        if (_output!.Length != checkpoint.BytesWritten)
        {
            throw new InvalidOperationException("A checkpoint is not where the answer is.");
        }

        if (claims) await _output.PersistAsync(cancellationToken);
        await SaveAsync(checkpoint, cancellationToken);
        _hasMoved = true;
    }

    private Task SaveAsync(FileCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        byte[] tail = Record.Kind is FileKind.Scrub ? [] : _output!.Tail.ToArray();
        JobSpeed? speed = _rate.At(Now) is { } rate ? new(rate.Rows, rate.Bytes) : null;
        return _held.SaveAsync(
            record => record with { Checkpoint = checkpoint, Output = record.Attempt, Tail = tail, Speed = speed },
            cancellationToken);
    }
}
