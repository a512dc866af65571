namespace NumberLedger;

/// <summary>Reads a sealed file, from any byte of it on.</summary>
/// <remarks>
/// Any read may throw <see cref="BrokenFileException"/>: a frame is looked at when it is come to. What was read
/// before it is what was written.
/// </remarks>
public sealed class SealedFileReader : AsyncStream
{
    private readonly string _name;
    private readonly IStoredFile _file;
    private readonly FrameCipher _cipher;
    private readonly long _frames;
    private readonly bool _isWhole;
    private readonly byte[] _content = new byte[FileLayout.FrameContent];
    private readonly byte[] _sealed = new byte[FileLayout.FrameSize];
    private long _nextFrame;
    private int _skip;
    private int _from;
    private int _to;

    private SealedFileReader(string name, IStoredFile file, FrameCipher cipher, bool isWhole)
    {
        _name = name;
        _file = file;
        _cipher = cipher;
        _isWhole = isWhole;
        _frames = FileLayout.FramesIn(file.Length);
        Length = FileLayout.ContentIn(file.Length);
    }

    public override bool CanRead => true;

    /// <summary>Bytes that were sealed, if the file is not broken.</summary>
    public override long Length { get; }

    /// <param name="file">The reader owns it from here.</param>
    /// <param name="from">The first byte that is read.</param>
    /// <exception cref="BrokenFileException">The file begins like no sealed file, or ends before that byte.</exception>
    public static Task<SealedFileReader> OpenAsync(
        FileSealer sealer, string name, IStoredFile file, long from, CancellationToken cancellationToken) =>
        OpenAsync(sealer, name, file, from, isWhole: true, cancellationToken);

    /// <summary>Reads a file that was not completed, and holds full frames only.</summary>
    public static Task<SealedFileReader> OpenUnfinishedAsync(
        FileSealer sealer, string name, IStoredFile file, CancellationToken cancellationToken) =>
        OpenAsync(sealer, name, file, 0, isWhole: false, cancellationToken);

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;

        while (_from == _to)
        {
            if (_nextFrame == _frames) return 0;

            await ReadFrameAsync(cancellationToken);
        }

        int read = Math.Min(buffer.Length, _to - _from);
        _content.AsMemory(_from, read).CopyTo(buffer);
        _from += read;
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        _cipher.Dispose();
        await _file.DisposeAsync();
        await base.DisposeAsync();
    }

    private static async Task<SealedFileReader> OpenAsync(
        FileSealer sealer, string name, IStoredFile file, long from, bool isWhole, CancellationToken cancellationToken)
    {
        byte[] header = new byte[FileLayout.HeaderSize];
        int read = await file.ReadAsync(0, header, cancellationToken);
        var reader = new SealedFileReader(name, file, sealer.CipherOf(name, header.AsSpan(0, read)), isWhole);
        if (from > reader.Length || (isWhole && file.Length < FileLayout.HeaderSize + FileLayout.FrameOverhead))
        {
            throw new BrokenFileException(name, "it is cut.");
        }

        // The byte behind a full last frame is the end of that frame, and not the start of one that is not there.
        reader._nextFrame = Math.Min(from / FileLayout.FrameContent, Math.Max(0, reader._frames - 1));
        reader._skip = (int)(from - reader._nextFrame * FileLayout.FrameContent);
        return reader;
    }

    private async ValueTask ReadFrameAsync(CancellationToken cancellationToken)
    {
        int read = await _file.ReadAsync(FileLayout.StartOf(_nextFrame), _sealed, cancellationToken);
        bool isLast = _isWhole && _nextFrame == _frames - 1;
        if (read < FileLayout.FrameSize && !isLast) throw new BrokenFileException(_name, $"frame {_nextFrame} is cut.");

        _to = _cipher.Open(_nextFrame, isLast, _sealed.AsSpan(0, read), _content);
        if (_skip > _to) throw new BrokenFileException(_name, "it ends before the byte that was asked for.");

        (_from, _skip) = (_skip, 0);
        _nextFrame++;
    }
}
