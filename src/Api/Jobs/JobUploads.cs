using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>Takes files that become jobs: sealed to disk as they arrive, and a job once all of it is there.</summary>
internal sealed class JobUploads(Jobs jobs, JobFiles files, TimeProvider time)
{
    private const int BufferBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Upload> _under = [];

    /// <param name="owner">Who sends it.</param>
    /// <param name="file">Not compressed.</param>
    /// <returns>202 with the job, or why there is none; then nothing of the file is kept.</returns>
    public async ValueTask<Reply> AcceptAsync(
        HttpContext http, string owner, FileOrder order, Stream file, CancellationToken cancellationToken)
    {
        using Upload? upload = Begin(owner);
        if (upload is null) return ProblemReply.Of(ProblemCatalog.JobsTooMany);

        string id = JobIds.New();
        try
        {
            if (await TakeAsync(id, upload, file, cancellationToken) is { } problem) return problem;

            var record = new JobRecord(
                id, owner, order, JobStatus.Queued, time.GetUtcNow(), EndedAt: null, upload.Bytes, FileCheckpoint.Start,
                Tail: [], Failure: null);
            FileJob job = await jobs.AddAsync(record, CancellationToken.None);
            upload.IsKept = true;
            http.Response.Headers.Location = $"{JobPaths.Of(order.Kind)}/{id}";
            return new JsonReply<JobResponse>(
                StatusCodes.Status202Accepted, JobResponse.Of(job), Json.Types.JobResponse);
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
            if (!upload.IsKept) await files.DeleteAsync(id, CancellationToken.None);
        }
    }

    /// <returns>What is wrong with the file; null if all of it is on the disk.</returns>
    private async ValueTask<ProblemReply?> TakeAsync(
        string id, Upload upload, Stream file, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using SealedFileWriter input = await files.CreateInputAsync(id, cancellationToken);
            int read;
            while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
            {
                upload.Bytes += read;
                if (upload.Bytes > Limits.FileBytesMax)
                {
                    return ProblemReply.Of(
                        ProblemCatalog.BodyTooLarge, $"At most {Limits.FileBytesMax} bytes in a file, not compressed.");
                }

                if (!HasRoom(upload)) return ProblemReply.Of(ProblemCatalog.JobBytesTooMany);

                await input.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            await input.CompleteAsync(cancellationToken);
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true); // It held phone numbers.
        }
    }

    private Upload? Begin(string owner)
    {
        FileJob[] kept = [.. jobs.Of(owner)];
        lock (_lock)
        {
            if (kept.Length + _under.Count(other => other.Owner == owner) >= Limits.JobsPerPartyMax) return null;

            var upload = new Upload(this, owner, kept.Sum(job => job.BytesKept));
            _under.Add(upload);
            return upload;
        }
    }

    private bool HasRoom(Upload upload)
    {
        lock (_lock)
        {
            long arriving = _under.Where(other => other.Owner == upload.Owner).Sum(other => other.Bytes);
            return upload.KeptBefore + arriving <= Limits.JobBytesPerPartyMax;
        }
    }

    private void End(Upload upload)
    {
        lock (_lock)
        {
            _under.Remove(upload);
            if (!upload.IsKept) return;

            foreach (Upload other in _under.Where(other => other.Owner == upload.Owner))
            {
                other.KeptBefore += upload.Bytes;
            }
        }
    }

    /// <param name="keptBefore">Bytes of the owner's jobs when it began.</param>
    private sealed class Upload(JobUploads uploads, string owner, long keptBefore) : IDisposable
    {
        public string Owner => owner;

        /// <summary>With those that became jobs meanwhile.</summary>
        public long KeptBefore { get; set; } = keptBefore;

        public long Bytes { get; set; }

        /// <summary>It has become a job.</summary>
        public bool IsKept { get; set; }

        public void Dispose() => uploads.End(this);
    }
}
