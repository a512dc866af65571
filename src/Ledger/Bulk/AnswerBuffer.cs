using System.Buffers.Text;

namespace NumberLedger;

/// <summary>Bytes of an answer, growing. Used again for a later chunk.</summary>
public sealed class AnswerBuffer
{
    private byte[] _bytes = new byte[64 * 1024];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Space(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Two spans, for the price of one look at the room that is left.</summary>
    public void Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<byte> space = Space(first.Length + second.Length);
        first.CopyTo(space);
        second.CopyTo(space[first.Length..]);
        Length += first.Length + second.Length;
    }

    public void Write(byte value)
    {
        Space(1)[0] = value;
        Length++;
    }

    public void Write(long value)
    {
        Utf8Formatter.TryFormat(value, Space(20), out int written);
        Length += written;
    }

    public void Write(string text)
    {
        Span<byte> space = Space(System.Text.Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += System.Text.Encoding.UTF8.GetBytes(text, space);
    }

    /// <summary>As a CSV field in quotes.</summary>
    public void WriteQuoted(ReadOnlySpan<byte> text)
    {
        Write((byte)'"');
        while (text.IndexOf((byte)'"') is >= 0 and int quote)
        {
            Write(text[..(quote + 1)], "\""u8);
            text = text[(quote + 1)..];
        }

        Write(text, "\""u8);
    }

    private Span<byte> Space(int length)
    {
        if (_bytes.Length - Length < length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + length));
        }

        return _bytes.AsSpan(Length);
    }
}
