using Microsoft.Win32.SafeHandles;

namespace NumberLedger.Cli;

/// <summary>Standard output, of which a write that nobody takes fails.</summary>
/// <remarks>
/// The console's own stream keeps quiet if the pipe's reader is gone: then half a result would end with 0.
/// </remarks>
internal sealed class ResultStream(Stream inner) : Stream
{
    private const int Descriptor = 1;

    public static ResultStream Open() => new(OpenInner());

    /// <summary>From here on all that is printed goes this way.</summary>
    public static void TakeConsole() => Console.SetOut(
        new StreamWriter(Open(), Console.Out.Encoding) { AutoFlush = true, NewLine = Console.Out.NewLine });

    private static Stream OpenInner()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();

        var handle = new SafeFileHandle(Descriptor, ownsHandle: false);
        try
        {
            // A file that others write to as well must be written where its descriptor stands, which only the
            // console's stream does. It has no reader that could go away, and a full disk is told there too.
            var stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            return stream.CanSeek ? Console.OpenStandardOutput() : stream;
        }
        catch (Exception cause) when (cause is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Closed by whoever started us.
            return Console.OpenStandardOutput();
        }
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (IOException cause)
        {
            throw new OutputException(cause);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Standard output takes no more: its reader is gone, or its disk is full.</summary>
internal sealed class OutputException(IOException cause) : IOException(cause.Message, cause);
