using System.Threading.Channels;

namespace NumberLedger.Api;

/// <summary>What is done with one chunk, and what it needs for it. Used again for a later chunk.</summary>
internal abstract class ChunkWork(FileChunk chunk)
{
    public FileChunk Chunk => chunk;

    /// <summary>At the same time as that of other chunks.</summary>
    /// <returns>Why the file ends before this chunk; null if it does not.</returns>
    public abstract ValueTask<FileStop?> WorkAsync(CancellationToken cancellationToken);
}

/// <summary>Reads, works and takes chunks at the same time, and takes them in the order of the file.</summary>
/// <remarks>
/// So many chunks are on their way and no more: who is slow to take answers is read from slowly. A failure anywhere,
/// or a client that went away, ends all of it.
/// </remarks>
internal static class ChunkPipeline
{
    /// <param name="first">Read already; it is worked first.</param>
    /// <param name="another">Makes room for one more chunk.</param>
    /// <param name="take">
    /// Called for one chunk after another. Gives why the file ends after it; null if it does not.
    /// </param>
    /// <param name="chunksMax">On their way at once.</param>
    /// <returns>Why the file was not read to its end; null if it was.</returns>
    public static async Task<FileStop?> RunAsync<T>(
        ChunkReader reader, T first, Func<T> another, Func<T, ValueTask<FileStop?>> take, int chunksMax,
        CancellationToken cancellationToken)
        where T : ChunkWork
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var free = Channel.CreateUnbounded<T>();
        var working = Channel.CreateUnbounded<(T Chunk, Task<FileStop?> Work)>(); // No more than there are chunks.
        for (int i = 1; i < chunksMax; i++) free.Writer.TryWrite(another());

        Task<FileStop?> reading = ReadAsync(reader, first, free.Reader, working.Writer, ending.Token);
        FileStop? stop = null;
        try
        {
            await foreach ((T chunk, Task<FileStop?> work) in working.Reader.ReadAllAsync(ending.Token))
            {
                stop = await work ?? await take(chunk);
                if (stop is not null) break;
                free.Writer.TryWrite(chunk);
            }

            return stop ?? await reading;
        }
        finally
        {
            await ending.CancelAsync();
            await EndedAsync(reading, working.Reader);
        }
    }

    private static async Task<FileStop?> ReadAsync<T>(
        ChunkReader reader, T first, ChannelReader<T> free, ChannelWriter<(T, Task<FileStop?>)> working,
        CancellationToken cancellationToken)
        where T : ChunkWork
    {
        try
        {
            T chunk = first;
            do
            {
                if (chunk.Chunk.Length > 0)
                {
                    T begun = chunk;
                    // Not to be cancelled between beginning and noting: what is not noted is not waited for.
                    working.TryWrite(
                        (begun, Task.Run(async () => await begun.WorkAsync(cancellationToken), cancellationToken)));
                    chunk = await free.ReadAsync(cancellationToken);
                }
            }
            while (await reader.ReadAsync(chunk.Chunk, cancellationToken));

            return reader.PassedLimit ? FileStop.BytesMax : null;
        }
        catch (InvalidDataException)
        {
            return FileStop.BodyMalformed;
        }
        finally
        {
            working.Complete();
        }
    }

    /// <summary>
    /// Nothing goes on in a buffer that others will use; how it failed was told before, or nobody asks.
    /// </summary>
    private static async Task EndedAsync<T>(Task reading, ChannelReader<(T, Task<FileStop?> Work)> working)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (working.TryRead(out (T, Task<FileStop?> Work) begun))
        {
            await ((Task)begun.Work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
