namespace NumberLedger;

/// <summary>What streams over files have in common: one direction, no seeking, no calls that block a thread.</summary>
public abstract class AsyncStream : Stream
{
    public override bool CanRead => false;
    public override bool CanWrite => false;
    public override bool CanSeek => false;

    public override long Position { get => throw Unfit(); set => throw Unfit(); }
    public override long Length => throw Unfit();

    public sealed override int Read(byte[] buffer, int offset, int count) => throw Unfit();
    public sealed override void Write(byte[] buffer, int offset, int count) => throw Unfit();
    public sealed override void Flush() => throw Unfit();
    public sealed override long Seek(long offset, SeekOrigin origin) => throw Unfit();
    public sealed override void SetLength(long value) => throw Unfit();

    public sealed override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw Unfit();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw Unfit();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static NotSupportedException Unfit() => new("This stream goes one way, and only asynchronously.");
}
