using System.Security.Cryptography;
using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>The three files of a job: the file that was sent, the answer, and what is known of the job.</summary>
/// <remarks>
/// The record is the commit point: a job exists from when it is written to when it is deleted. Files without one are
/// what a crash left of an upload or of a deletion. docs/reference/jobs.md.
/// </remarks>
internal sealed class JobFiles(IFileStore store, FileSealer sealer)
{
    private const string RecordSuffix = ".record", InputSuffix = ".input", OutputSuffix = ".output";

    /// <summary>The input of a job that does not exist yet.</summary>
    public async Task<SealedFileWriter> CreateInputAsync(string id, CancellationToken cancellationToken) =>
        await CreateAsync(id + InputSuffix, cancellationToken);

    /// <param name="from">The first byte of the file that is read.</param>
    public async Task<SealedFileReader> OpenInputAsync(string id, long from, CancellationToken cancellationToken) =>
        await OpenAsync(id + InputSuffix, from, cancellationToken);

    /// <summary>An empty answer; one that was begun before is dropped.</summary>
    public async Task<SealedFileWriter> CreateOutputAsync(string id, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(id + OutputSuffix, cancellationToken);
        return await CreateAsync(id + OutputSuffix, cancellationToken);
    }

    /// <summary>The answer as it was at the record's checkpoint.</summary>
    /// <param name="digest">Is fed what was written up to there.</param>
    public async Task<SealedFileWriter> ResumeOutputAsync(
        JobRecord job, IncrementalHash digest, CancellationToken cancellationToken)
    {
        string name = job.Id + OutputSuffix;
        SealedFileWriter writer = await OwnAsync(await OpenFileAsync(name, cancellationToken), file =>
            SealedFileWriter.ResumeAsync(
                sealer, name, file, job.Checkpoint.BytesWritten, job.Tail, RandomNumberGenerator.Fill,
                cancellationToken));

        await using SealedFileReader written = await SealedFileReader.OpenUnfinishedAsync(
            sealer, name, await OpenFileAsync(name, cancellationToken), cancellationToken);
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await written.ReadAsync(buffer, cancellationToken)) > 0) digest.AppendData(buffer, 0, read);
        digest.AppendData(job.Tail);
        return writer;
    }

    public async Task<SealedFileReader> OpenOutputAsync(string id, CancellationToken cancellationToken) =>
        await OpenAsync(id + OutputSuffix, 0, cancellationToken);

    /// <summary>Durable when it returns.</summary>
    public Task SaveAsync(JobRecord job, CancellationToken cancellationToken)
    {
        string name = job.Id + RecordSuffix;
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(job, JobJson.Default.JobRecord);
        return store.ReplaceAsync(name, sealer.Seal(name, content, RandomNumberGenerator.Fill), cancellationToken);
    }

    /// <exception cref="BrokenFileException">It is not what was saved.</exception>
    public async Task<JobRecord> ReadAsync(string id, CancellationToken cancellationToken)
    {
        string name = id + RecordSuffix;
        await using IStoredFile file = await OpenFileAsync(name, cancellationToken);
        byte[] bytes = new byte[file.Length];
        await file.ReadAsync(0, bytes, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(sealer.Open(name, bytes), JobJson.Default.JobRecord)
                ?? throw new BrokenFileException(name, "it is empty.");
        }
        catch (JsonException)
        {
            throw new BrokenFileException(name, "it is no job that this release knows.");
        }
    }

    /// <summary>Ids of all jobs, and of what is left of uploads and deletions that were broken off.</summary>
    public async Task<(IReadOnlyList<string> Jobs, IReadOnlyList<string> Remains)> ListAsync(
        CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = await store.ListAsync(cancellationToken);
        string[] jobs = [.. IdsOf(RecordSuffix)];
        return (jobs, [.. IdsOf(InputSuffix).Concat(IdsOf(OutputSuffix)).Except(jobs)]);

        IEnumerable<string> IdsOf(string suffix) => names
            .Where(name => name.EndsWith(suffix, StringComparison.Ordinal) && JobIds.IsOne(name[..^suffix.Length]))
            .Select(name => name[..^suffix.Length]);
    }

    /// <summary>The record first: from then on there is no such job.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(id + RecordSuffix, cancellationToken);
        await store.DeleteAsync(id + InputSuffix, cancellationToken);
        await store.DeleteAsync(id + OutputSuffix, cancellationToken);
    }

    public Task DeleteInputAsync(string id, CancellationToken cancellationToken) =>
        store.DeleteAsync(id + InputSuffix, cancellationToken);

    public Task DeleteOutputAsync(string id, CancellationToken cancellationToken) =>
        store.DeleteAsync(id + OutputSuffix, cancellationToken);

    private async Task<SealedFileWriter> CreateAsync(string name, CancellationToken cancellationToken)
    {
        return await OwnAsync(await store.CreateAsync(name, cancellationToken), file =>
            SealedFileWriter.BeginAsync(sealer, name, file, RandomNumberGenerator.Fill, cancellationToken));
    }

    private async Task<SealedFileReader> OpenAsync(string name, long from, CancellationToken cancellationToken) =>
        await OwnAsync(await OpenFileAsync(name, cancellationToken), file =>
            SealedFileReader.OpenAsync(sealer, name, file, from, cancellationToken));

    /// <summary>Closes a file that nobody comes to own.</summary>
    private static async Task<T> OwnAsync<T>(IStoredFile file, Func<IStoredFile, Task<T>> open)
    {
        try
        {
            return await open(file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private async Task<IStoredFile> OpenFileAsync(string name, CancellationToken cancellationToken) =>
        await store.OpenAsync(name, cancellationToken) ?? throw new BrokenFileException(name, "it is not there.");
}

/// <summary>Names of jobs: nobody can guess one.</summary>
internal static class JobIds
{
    private const string Prefix = "job_";
    private const int RandomSize = 16;

    public static string New() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomSize));

    public static bool IsOne(string text) =>
        text.Length == Prefix.Length + 2 * RandomSize && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.Skip(Prefix.Length).All(char.IsAsciiHexDigitLower);
}
