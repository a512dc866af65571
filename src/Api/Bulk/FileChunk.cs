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

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Buffer.Length < Length + bytes.Length + Slack)
        {
            byte[] larger = new byte[Math.Max(2 * Buffer.Length, Length + bytes.Length + Slack)];
            Bytes.CopyTo(larger);
            Buffer = larger;
        }

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
