using System.Collections.Immutable;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>May I send? Every line of a file.</summary>
internal sealed class ScrubWork(IBulkReader blocks, IRegistryReader registry, TimeProvider time) : IFileWork
{
    /// <summary>One that is read, one for each of two cores, one that is taken.</summary>
    public const int ChunksMax = 4;

    private readonly ScrubBufferPool _pool = new();

    public FileKind Kind => FileKind.Scrub;

    /// <summary>Settable, so that a test can pass it.</summary>
    public long RowsMax { get; init; } = Limits.FileRowsMax;

    public async Task RunAsync(
        FileOrder order, Stream input, Stream output, FileProgress progress, CancellationToken cancellationToken)
    {
        var reader = new ChunkReader(input, order.In, progress.Checkpoint);
        using ScrubBufferPool.Rental buffers = _pool.Rent();
        ScrubBuffers first = buffers.Next();
        await reader.ReadFirstAsync(first.Chunk, cancellationToken);
        ScrubHeader header = ScrubHeader.Read(order, first.Chunk.Bytes);
        first.Chunk.Skip(header.Length);

        var answer = new FileAnswer(output, order.Out, progress);
        await answer.WriteAsync(header.Answer, cancellationToken);
        var context = new ScrubContext(order, header, blocks, registry, time);
        var counts = new ScrubCounts();
        FileStop? stop = await ChunkPipeline.RunAsync(
            reader, new ScrubChunk(context, first), () => new ScrubChunk(context, buffers.Next()), TakeAsync,
            ChunksMax, cancellationToken);
        await answer.EndAsync(CountsOf(counts), [], stop, cancellationToken);

        async ValueTask<FileStop?> TakeAsync(ScrubChunk worked)
        {
            bool isFull = counts.Rows + worked.Lines.Count > RowsMax;
            if (isFull) worked.WriteFirst((int)(RowsMax - counts.Rows));

            do await answer.WriteAsync(worked.Answer.Written, cancellationToken);
            while (worked.WriteMore());
            counts.Add(worked.Counts);
            await progress.ReachAsync(progress.Checkpoint with
            {
                BytesRead = worked.Chunk.BytesThrough,
                Lines = worked.Chunk.FirstLine + worked.Chunk.Lines - 1,
                BytesWritten = answer.BytesWritten,
                Counts = CountsOf(counts).ToImmutableSortedDictionary(StringComparer.Ordinal),
            });
            return isFull ? FileStop.RowsMax : null;
        }
    }

    private static List<KeyValuePair<string, long>> CountsOf(ScrubCounts counts) => counts.ToList(Words<Reasons>.Of);
}
