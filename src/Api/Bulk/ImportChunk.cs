namespace NumberLedger.Api;

/// <summary>
/// One chunk of a file that writes. Only its reading runs beside that of others: rows are written in order.
/// </summary>
internal sealed class ImportChunk(ImportReader reader, FileChunk chunk) : ChunkWork(chunk)
{
    public List<ImportLine> Lines { get; } = [];

    public override ValueTask<FileStop?> WorkAsync(CancellationToken cancellationToken)
    {
        Lines.Clear();
        reader.Read(Chunk, Lines);
        return new((FileStop?)null);
    }
}
