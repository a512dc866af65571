namespace NumberLedger;

/// <summary>Writes a sealed file. Nothing of it reaches the store in the clear.</summary>
/// <remarks>
/// What does not fill a frame yet is held back, and only <see cref="CompleteAsync"/> writes it: until then the file has
/// no last frame, and nobody takes it for whole. So a checkpoint is <see cref="Length"/> and a copy of
/// <see cref="Tail"/>, after <see cref="PersistAsync"/>.
/// </remarks>
public sealed class SealedFileWriter : AsyncStream
{
    private readonly IStoredFile _file;
    private readonly FrameCipher _cipher;
    private readonly RandomBytes _random;
    private readonly byte[] _content = new byte[FileLayout.FrameContent];
    private readonly byte[] _sealed = new byte[FileLayout.FrameSize];
    private long _frames;
    private int _filled;

    private SealedFileWriter(IStoredFile file, FrameCipher cipher, RandomBytes random) =>
        (_file, _cipher, _random) = (file, cipher, random);

    public override bool CanWrite => true;

    /// <summary>Bytes that were written, not sealed.</summary>
    public override long Length => _frames * FileLayout.FrameContent + _filled;

    /// <summary>Written, and not in the file yet: at most a frame's content. Changes with the next write.</summary>
    public ReadOnlyMemory<byte> Tail => _content.AsMemory(0, _filled);

    /// <param name="file">Empty; the writer owns it from here.</param>
    public static async Task<SealedFileWriter> BeginAsync(
        FileSealer sealer, string name, IStoredFile file, RandomBytes random, CancellationToken cancellationToken)
    {
        byte[] header = new byte[FileLayout.HeaderSize];
        FileSealer.WriteHeader(header, random);
        await file.AppendAsync(header, cancellationToken);
        return new SealedFileWriter(file, sealer.CipherOf(name, header), random);
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            // Not before there is more: a full frame may still be the last.
            if (_filled == _content.Length) await AppendFrameAsync(isLast: false, cancellationToken);

            int taken = Math.Min(buffer.Length, _content.Length - _filled);
            buffer[..taken].CopyTo(_content.AsMemory(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    /// <summary>What is written, without <see cref="Tail"/>, survives a crash once this returns.</summary>
    public ValueTask PersistAsync(CancellationToken cancellationToken) => _file.FlushAsync(cancellationToken);

    /// <summary>Writes the last frame, and makes all of it survive a crash. Nothing is written after it.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await AppendFrameAsync(isLast: true, cancellationToken);
        await _file.FlushAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        _cipher.Dispose();
        await _file.DisposeAsync();
        await base.DisposeAsync();
    }

    private async ValueTask AppendFrameAsync(bool isLast, CancellationToken cancellationToken)
    {
        _cipher.Seal(_frames, isLast, _content.AsSpan(0, _filled), _random, _sealed);
        await _file.AppendAsync(_sealed.AsMemory(0, _filled + FileLayout.FrameOverhead), cancellationToken);
        _frames++;
        _filled = 0;
    }
}
