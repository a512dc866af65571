namespace NumberLedger.Api;

/// <summary>One job's work, from where it was left to its end.</summary>
/// <remarks>
/// Of a file that writes the checkpoint is saved on the way: first the answer up to it is made durable, then the
/// record that says so. So after a crash the work goes on at a place behind which nothing is claimed, and what it had
/// recorded beyond that place it finds to be duplicates.
/// </remarks>
internal sealed class JobRun(FileJob job, Jobs jobs, JobFiles files, TimeProvider time)
{
    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(1);

    private readonly long _begun = time.GetTimestamp();
    private SealedFileWriter? _output;
    private TimeSpan _saved;

    /// <summary>Since the beginning of the run.</summary>
    private TimeSpan Now => time.GetElapsedTime(_begun);

    /// <returns>The job as it ended. It is not saved.</returns>
    public async Task<JobRecord> RunAsync(IFileWork work, CancellationToken cancellationToken)
    {
        JobRecord record = job.Record.GoesOn
            ? job.Record
            : job.Record with { Checkpoint = FileCheckpoint.Start, Tail = [] };
        using var progress = new FileProgress
        {
            Checkpoint = record.Checkpoint,
            Reached = checkpoint => ReachedAsync(checkpoint, cancellationToken),
        };
        await using SealedFileWriter output = record.GoesOn
            ? await files.ResumeOutputAsync(record, progress.Digest, cancellationToken)
            : await files.CreateOutputAsync(record.Id, cancellationToken);
        _output = output;
        job.Runs(progress);
        if (!record.Checkpoint.Ended)
        {
            await using SealedFileReader input =
                await files.OpenInputAsync(record.Id, record.Checkpoint.BytesRead, cancellationToken);
            await work.RunAsync(record.Order, input, output, progress, cancellationToken);
        }

        FileCheckpoint reached = progress.Checkpoint;
        await output.CompleteAsync(cancellationToken);
        return record with
        {
            Status = reached.Stopped is null ? JobStatus.Finished : JobStatus.Stopped,
            EndedAt = time.GetUtcNow(),
            Checkpoint = reached,
            Tail = [],
        };
    }

    private async ValueTask ReachedAsync(FileCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        job.Noted(checkpoint);
        if (job.Record.Kind is FileKind.Scrub) return;
        if (!checkpoint.Ended && Now - _saved < BetweenSaves) return;

        if (_output!.Length != checkpoint.BytesWritten)
        {
            throw new InvalidOperationException("A checkpoint is not where the answer is.");
        }

        await _output.PersistAsync(cancellationToken);
        await jobs.SaveAsync(
            job, job.Record with { Checkpoint = checkpoint, Tail = _output.Tail.ToArray() }, cancellationToken);
        _saved = Now;
    }
}
