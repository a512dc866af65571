namespace NumberLedger.Stores;

/// <summary>An open file of <see cref="PartedFileStore"/>: it is written, or it is read.</summary>
/// <param name="length">As of the opening; a file that is written begins with none.</param>
internal sealed class PartedFile(IFileParts parts, string name, long length) : IStoredFile
{
    private const int Size = IFileParts.BytesPerPart;

    /// <summary>The last part while it is written, and the latest while it is read.</summary>
    private byte[] _part = [];
    private long _place = -1;
    private long _kept = length;

    public long Length { get; private set; } = length;

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            int filled = (int)(Length % Size);
            if (filled == 0)
            {
                // Not before there is more: what is full may have been kept by a flush.
                await KeepAsync(cancellationToken);
                _part = new byte[Size];
                _place = Length / Size;
            }

            int taken = Math.Min(bytes.Length, Size - filled);
            bytes[..taken].CopyTo(_part.AsMemory(filled));
            Length += taken;
            bytes = bytes[taken..];
        }
    }

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        int read = 0;
        while (read < into.Length && offset + read < Length)
        {
            long place = Math.DivRem(offset + read, Size, out long from);
            if (place != _place)
            {
                if (_kept < Length) throw new InvalidOperationException("What is written is flushed before it is read.");

                _part = await parts.ReadAsync(name, (int)place, cancellationToken)
                    ?? throw new StoreUnavailableException($"The file '{name}' was deleted.");
                _place = place;
            }

            // Of a file that is still written, the part may have become longer since the opening.
            int to = (int)Math.Min(_part.Length, Length - place * Size);
            if (to <= from) throw new StoreUnavailableException($"The file '{name}' has become shorter.");

            int taken = Math.Min(into.Length - read, to - (int)from);
            _part.AsMemory((int)from, taken).CopyTo(into[read..]);
            read += taken;
        }

        return read;
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => KeepAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask KeepAsync(CancellationToken cancellationToken)
    {
        if (_kept == Length) return;

        ReadOnlyMemory<byte> content = _part.AsMemory(0, (int)(Length - _place * Size));
        if (!await parts.WriteAsync(name, (int)_place, content, Length, cancellationToken))
        {
            throw new StoreUnavailableException($"The file '{name}' was deleted.");
        }

        _kept = Length;
    }
}
