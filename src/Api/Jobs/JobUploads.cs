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
            Job begun = await jobs.AddAsync(
                JobRecord.Arriving(id, owner, order, holds.Process, time.GetUtcNow()), hold.Ends)
                ?? throw new JobLostException();
            using var held = new HeldJob(begun, jobs, time);
            if (await held.KeepAsync(token => TakeAsync(held, file, token), hold.Ends) is { } problem) return problem;

            // From when this returns the job exists, and will be run whatever happens.
            await held.SaveAsync(
                arrived => arrived with { HasArrived = true, Holder = null, CreatedAt = time.GetUtcNow() },
                CancellationToken.None);
            isKept = true;
            http.Response.Headers.Location = $"{JobPaths.Of(order.Kind)}/{id}";
            return new JsonReply<JobResponse>(
                StatusCodes.Status202Accepted, JobResponse.Of(held.Job.Record), Json.Types.JobResponse);
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
    private async Task<ProblemReply?> TakeAsync(HeldJob held, Stream file, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using SealedFileWriter input = await files.CreateInputAsync(held.Job.Id, cancellationToken);
            long bytes = 0;
            int read;
            while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
            {
                bytes += read;
                if (bytes > Limits.FileBytesMax)
                {
                    return ProblemReply.Of(
                        ProblemCatalog.BodyTooLarge, $"At most {Limits.FileBytesMax} bytes in a file, not compressed.");
                }

                bool looks = held.SinceSaved >= BetweenSaves;
                if (looks && !await HasRoomAsync(held, bytes, cancellationToken)) return NoRoom;

                await input.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            await input.CompleteAsync(cancellationToken);
            return await HasRoomAsync(held, bytes, cancellationToken) ? null : NoRoom;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true); // It held phone numbers.
        }
    }

    private async Task<bool> HasRoomAsync(HeldJob held, long bytes, CancellationToken cancellationToken)
    {
        await held.SaveAsync(record => record with { Bytes = bytes }, cancellationToken);
        Job[] kept = await jobs.OfAsync(held.Job.Record.Owner, cancellationToken);
        return kept.Sum(job => job.Record.BytesKept) <= Limits.JobBytesPerPartyMax;
    }

    private static ProblemReply NoRoom => ProblemReply.Of(ProblemCatalog.JobBytesTooMany);

    private async Task TryDeleteAsync(string id)
    {
        try
        {
            await jobs.DeleteAsync(id, CancellationToken.None);
        }
        catch (Exception failed) when (failed is StoreUnavailableException or FileStoreFullException)
        {
            Log.NotDeleted(logger, id, failed.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1708, LogLevel.Warning, "What arrived of file {Job} could not be deleted: {What} Another process does it.")]
        public static partial void NotDeleted(ILogger logger, string job, string what);
    }
}
