using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Api;

/// <summary>Takes files that become jobs: sealed as they arrive, and a job once all of it is there.</summary>
/// <remarks>
/// A file that arrives is a state already, so that it counts, and so that the file of a process that dies meanwhile is
/// found and deleted. Files that arrive in two processes in the same second may pass a limit together.
/// </remarks>
internal sealed partial class JobUploads(
    Jobs jobs, JobHolds holds, JobFiles files, TimeProvider time, ILogger<JobUploads> logger)
{
    private const int BufferBytes = 64 * 1024;

    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(1);

    /// <param name="owner">Who sends it.</param>
    /// <param name="file">Not compressed.</param>
    /// <returns>202 with the job, or why there is none; then nothing of the file is kept.</returns>
    public async ValueTask<Reply> AcceptAsync(
        HttpContext http, string owner, FileOrder order, Stream file, CancellationToken cancellationToken)
    {
        if ((await jobs.OfAsync(owner, cancellationToken)).Length >= Limits.JobsPerPartyMax)
        {
            return ProblemReply.Of(ProblemCatalog.JobsTooMany);
        }

        string id = JobIds.New();
        using JobHold hold = holds.Hold(id, cancellationToken); // Before it is there: nobody may think it left behind.
        bool isKept = false;
        try
        {
            var upload = new Upload(jobs, JobRecord.Arriving(id, owner, order, holds.Process, time.GetUtcNow()), time);
            if (await TakeAsync(upload, file, hold.Ends) is { } problem) return problem;
            Job job = await upload.CompleteAsync();
            isKept = true;
            http.Response.Headers.Location = $"{JobPaths.Of(order.Kind)}/{id}";
            return new JsonReply<JobResponse>(
                StatusCodes.Status202Accepted, JobResponse.Of(job.Record), Json.Types.JobResponse);
        }
        catch (JobLostException)
        {
            return ProblemReply.Of(ProblemCatalog.LedgerUnavailable);
        }
        catch (InvalidDataException)
        {
            return ProblemReply.Of(ProblemCatalog.BodyMalformed, "The compressed file does not unpack.");
        }
        catch (FileStoreFullException)
        {
            return ProblemReply.Of(ProblemCatalog.StorageFull);
        }
        finally
        {
            if (!isKept) await TryDeleteAsync(id);
        }
    }

    /// <returns>What is wrong with the file; null if all of it is kept.</returns>
    private async ValueTask<ProblemReply?> TakeAsync(Upload upload, Stream file, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await upload.BeginAsync(cancellationToken);
            await using SealedFileWriter input = await files.CreateInputAsync(upload.Id, cancellationToken);
            int read;
            while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
            {
                upload.Bytes += read;
                if (upload.Bytes > Limits.FileBytesMax)
                {
                    return ProblemReply.Of(
                        ProblemCatalog.BodyTooLarge, $"At most {Limits.FileBytesMax} bytes in a file, not compressed.");
                }

                if (!await upload.HasRoomAsync(atOnce: false, cancellationToken)) return NoRoom;

                await input.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            await input.CompleteAsync(cancellationToken);
            return await upload.HasRoomAsync(atOnce: true, cancellationToken) ? null : NoRoom;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true); // It held phone numbers.
        }
    }

    private static ProblemReply NoRoom => ProblemReply.Of(ProblemCatalog.JobBytesTooMany);

    private async Task TryDeleteAsync(string id)
    {
        try
        {
            await jobs.DeleteAsync(id, CancellationToken.None);
        }
        catch (StoreUnavailableException failed)
        {
            Log.NotDeleted(logger, id, failed.Message);
        }
    }

    /// <summary>The state of a file that arrives, saved every second.</summary>
    private sealed class Upload(Jobs jobs, JobRecord record, TimeProvider time)
    {
        private Job? _job;
        private long _saved;

        public string Id => record.Id;

        public long Bytes { get; set; }

        public async Task BeginAsync(CancellationToken cancellationToken)
        {
            _job = await jobs.AddAsync(record, cancellationToken) ?? throw new JobLostException();
            _saved = time.GetTimestamp();
        }

        /// <param name="atOnce">Otherwise it is looked once a second, and answered true in between.</param>
        public async ValueTask<bool> HasRoomAsync(bool atOnce, CancellationToken cancellationToken)
        {
            if (!atOnce && time.GetElapsedTime(_saved) < BetweenSaves) return true;

            await SaveAsync(record with { Bytes = Bytes }, cancellationToken);
            _saved = time.GetTimestamp();
            return (await jobs.OfAsync(record.Owner, cancellationToken)).Sum(job => job.Record.BytesKept)
                <= Limits.JobBytesPerPartyMax;
        }

        /// <summary>From when this returns the job exists, and will be run whatever happens.</summary>
        public Task<Job> CompleteAsync() =>
            SaveAsync(record with { Bytes = Bytes, HasArrived = true, Holder = null }, CancellationToken.None);

        private async Task<Job> SaveAsync(JobRecord next, CancellationToken cancellationToken) =>
            _job = await jobs.SaveAsync(_job!, next, cancellationToken) ?? throw new JobLostException();
    }

    private static partial class Log
    {
        [LoggerMessage(1708, LogLevel.Warning, "What arrived of file {Job} could not be deleted: {What} Another process does it.")]
        public static partial void NotDeleted(ILogger logger, string job, string what);
    }
}
