using System.Security.Cryptography;

namespace NumberLedger.Api;

/// <summary>The files of jobs: the file that was sent, and the answer, one for each attempt.</summary>
/// <remarks>
/// An attempt writes a file of its own, so a process that has lost a job without knowing it cannot touch what the next
/// one writes. Files of no job are what a crash left of a deletion. docs/reference/jobs.md.
/// </remarks>
internal sealed class JobFiles(IFileStore store, FileSealer sealer)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>The input of a job that still arrives.</summary>
    public Task<SealedFileWriter> CreateInputAsync(string id, CancellationToken cancellationToken) =>
        CreateAsync(InputOf(id), cancellationToken);

    /// <param name="from">The first byte of the file that is read.</param>
    public Task<SealedFileReader> OpenInputAsync(string id, long from, CancellationToken cancellationToken) =>
        OpenAsync(InputOf(id), file => SealedFileReader.OpenAsync(sealer, InputOf(id), file, from, cancellationToken),
            cancellationToken);

    /// <summary>An empty answer, of the job's present attempt.</summary>
    public Task<SealedFileWriter> CreateOutputAsync(JobRecord job, CancellationToken cancellationToken) =>
        CreateAsync(OutputOf(job.Id, job.Attempt), cancellationToken);

    /// <summary>The answer of an earlier attempt up to the job's checkpoint, in the present one's file.</summary>
    /// <param name="digest">Is fed what was written up to there.</param>
    /// <exception cref="BrokenFileException">The earlier answer does not reach to the checkpoint.</exception>
    public async Task<SealedFileWriter> ContinueOutputAsync(
        JobRecord job, IncrementalHash digest, CancellationToken cancellationToken)
    {
        string earlier = OutputOf(job.Id, job.Output);
        await using SealedFileReader written = await OpenAsync(
            earlier, file => SealedFileReader.OpenUnfinishedAsync(
                sealer, earlier, file, job.Checkpoint.BytesWritten - job.Tail.Length, cancellationToken),
            cancellationToken);
        SealedFileWriter output = await CreateOutputAsync(job, cancellationToken);
        try
        {
            byte[] buffer = new byte[BufferBytes];
            int read;
            while ((read = await written.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await WriteAsync(buffer.AsMemory(0, read));
            }

            await WriteAsync(job.Tail);
            await output.PersistAsync(cancellationToken);
            return output;
        }
        catch
        {
            await output.DisposeAsync();
            throw;
        }

        ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            digest.AppendData(bytes.Span);
            return output.WriteAsync(bytes, cancellationToken);
        }
    }

    /// <summary>The answer of a job that has ended.</summary>
    public Task<SealedFileReader> OpenOutputAsync(JobRecord job, CancellationToken cancellationToken)
    {
        string name = OutputOf(job.Id, job.Output);
        return OpenAsync(name, file => SealedFileReader.OpenAsync(sealer, name, file, 0, cancellationToken),
            cancellationToken);
    }

    public async Task DeleteAsync(JobRecord job, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(InputOf(job.Id), cancellationToken);
        await DeleteOutputsAsync(job, butOf: 0, cancellationToken);
    }

    public Task DeleteInputAsync(string id, CancellationToken cancellationToken) =>
        store.DeleteAsync(InputOf(id), cancellationToken);

    public Task DeleteOutputAsync(JobRecord job, CancellationToken cancellationToken) =>
        store.DeleteAsync(OutputOf(job.Id, job.Attempt), cancellationToken);

    /// <param name="butOf">The attempt whose answer stays; 0 for none.</param>
    public async Task DeleteOutputsAsync(JobRecord job, int butOf, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= job.Attempt; attempt++)
        {
            if (attempt != butOf) await store.DeleteAsync(OutputOf(job.Id, attempt), cancellationToken);
        }
    }

    /// <summary>Deletes files whose job is gone.</summary>
    /// <param name="jobs">Ids of all jobs; asked after the files, since a file is made after its job.</param>
    public async Task SweepAsync(Func<Task<IReadOnlySet<string>>> jobs, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = await store.ListAsync(cancellationToken);
        IReadOnlySet<string> ids = await jobs();
        List<Exception> failed = [];
        foreach (string name in names)
        {
            string id = name.Split('.')[0];
            if (!JobIds.IsOne(id) || ids.Contains(id)) continue;

            try
            {
                await store.DeleteAsync(name, cancellationToken);
            }
            catch (StoreUnavailableException one)
            {
                failed.Add(one); // The others are not to wait for it.
            }
        }

        if (failed.Count > 0) throw new StoreUnavailableException(failed[0].Message, new AggregateException(failed));
    }

    private async Task<SealedFileWriter> CreateAsync(string name, CancellationToken cancellationToken) =>
        await OwnAsync(await store.CreateAsync(name, cancellationToken), file =>
            SealedFileWriter.BeginAsync(sealer, name, file, RandomNumberGenerator.Fill, cancellationToken));

    private async Task<SealedFileReader> OpenAsync(
        string name, Func<IStoredFile, Task<SealedFileReader>> open, CancellationToken cancellationToken) =>
        await OwnAsync(
            await store.OpenAsync(name, cancellationToken) ?? throw new BrokenFileException(name, "it is not there."),
            open);

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

    private static string InputOf(string id) => id + ".input";

    private static string OutputOf(string id, int attempt) => $"{id}.{attempt}.output";
}

/// <summary>Names of jobs: nobody can guess one.</summary>
internal static class JobIds
{
    public const string Prefix = "job_";

    private const int RandomSize = 16;

    public static string New() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomSize));

    public static bool IsOne(string text) =>
        text.Length == Prefix.Length + 2 * RandomSize && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.Skip(Prefix.Length).All(char.IsAsciiHexDigitLower);
}
