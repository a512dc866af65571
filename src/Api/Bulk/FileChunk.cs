namespace NumberLedger.Api;

/// <summary>Whole records of a file, each with its LF. The buffer is used again for a later chunk.</summary>
internal sealed class FileChunk
{
    /// <summary>Bytes behind <see cref="Length"/> that may be read, whatever they hold: vectors end there.</summary>
    public const int Slack = 64;

    public byte[] Buffer { get; private set; } = [];

    public int Length { get; set; }

    /// <summary>The number of its first line.</summary>
    public long FirstLine { get; set; }

    /// <summary>Line breaks in it.</summary>
    public int Lines { get; set; }

    /// <summary>Of the file, up to the chunk's end.</summary>
    public long BytesThrough { get; set; }

    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);

    /// <summary>Makes room for so many bytes in all: what is reserved at once is not copied while it grows.</summary>
    public void Reserve(int bytes)
    {
        if (Buffer.Length >= bytes + Slack) return;

        byte[] larger = GC.AllocateUninitializedArray<byte>(bytes + Slack);
        Bytes.CopyTo(larger);
        Buffer = larger;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Buffer.Length < Length + bytes.Length + Slack) Reserve(Math.Max(2 * Buffer.Length, Length + bytes.Length));

        bytes.CopyTo(Buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Takes whole records from its beginning.</summary>
    public void Skip(int bytes)
    {
        int lines = Bytes[..bytes].Count((byte)'\n');
        Bytes[bytes..].CopyTo(Buffer);
        Length -= bytes;
        Lines -= lines;
        FirstLine += lines;
    }
}
