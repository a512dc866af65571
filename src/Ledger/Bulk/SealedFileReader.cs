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

    private SealedFileReader(
        string name, IStoredFile file, FrameCipher cipher, long frames, long length, bool isWhole)
    {
        (_name, _file, _cipher, _frames, _isWhole) = (name, file, cipher, frames, isWhole);
        Length = length;
    }

    public override bool CanRead => true;

    /// <summary>Bytes that were sealed, if the file is not broken.</summary>
    public override long Length { get; }

    /// <param name="file">The reader owns it from here.</param>
    /// <param name="from">The first byte that is read.</param>
    /// <exception cref="BrokenFileException">The file begins like no sealed file, or ends before that byte.</exception>
    public static async Task<SealedFileReader> OpenAsync(
        FileSealer sealer, string name, IStoredFile file, long from, CancellationToken cancellationToken)
    {
        FrameCipher cipher = await ReadCipherAsync(sealer, name, file, cancellationToken);
        var reader = new SealedFileReader(
            name, file, cipher, FileLayout.FramesIn(file.Length), FileLayout.ContentIn(file.Length), isWhole: true);
        if (from > reader.Length || file.Length < FileLayout.HeaderSize + FileLayout.FrameOverhead)
        {
            throw new BrokenFileException(name, "it is cut.");
        }

        // The byte behind a full last frame is the end of that frame, and not the start of one that is not there.
        reader._nextFrame = Math.Min(from / FileLayout.FrameContent, Math.Max(0, reader._frames - 1));
        reader._skip = (int)(from - reader._nextFrame * FileLayout.FrameContent);
        return reader;
    }

    /// <summary>Reads the beginning of a file that was not completed.</summary>
    /// <param name="length">Whole frames: a checkpoint's length without its tail.</param>
    /// <exception cref="BrokenFileException">The file does not reach so far.</exception>
    public static async Task<SealedFileReader> OpenUnfinishedAsync(
        FileSealer sealer, string name, IStoredFile file, long length, CancellationToken cancellationToken)
    {
        long frames = Math.DivRem(length, FileLayout.FrameContent, out long rest);
        if (rest != 0 || frames < 0 || file.Length < FileLayout.StartOf(frames))
        {
            throw new BrokenFileException(name, "it does not reach to its checkpoint.");
        }

        FrameCipher cipher = await ReadCipherAsync(sealer, name, file, cancellationToken);
        return new SealedFileReader(name, file, cipher, frames, length, isWhole: false);
    }

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

    private static async Task<FrameCipher> ReadCipherAsync(
        FileSealer sealer, string name, IStoredFile file, CancellationToken cancellationToken)
    {
        byte[] header = new byte[FileLayout.HeaderSize];
        int read = await file.ReadAsync(0, header, cancellationToken);
        return sealer.CipherOf(name, header.AsSpan(0, read));
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
