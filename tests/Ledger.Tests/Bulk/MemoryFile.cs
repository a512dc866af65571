namespace NumberLedger.Ledger.Tests;

/// <summary>A stored file, in memory.</summary>
internal sealed class MemoryFile : IStoredFile
{
    private readonly List<byte> _bytes;

    public MemoryFile(params byte[] bytes) => _bytes = [.. bytes];

    public byte[] Bytes => [.. _bytes];

    public long Length => _bytes.Count;

    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _bytes.AddRange(bytes.Span);
        return default;
    }

    public ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        int read = (int)Math.Clamp(Length - offset, 0, into.Length);
        _bytes.GetRange((int)offset, read).ToArray().CopyTo(into);
        return new(read);
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => default;

    public ValueTask DisposeAsync() => default;
}
