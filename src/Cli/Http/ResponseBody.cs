using System.Globalization;
using System.Text;

namespace NumberLedger.Cli;

/// <summary>
/// The body of an HTTP/1.1 response, as it arrives: chunked (RFC 9112, section 7.1), of a length, or to the end.
/// </summary>
/// <remarks>
/// A chunked body or one of a length that ends early is an <see cref="IOException"/>, never an end.
/// </remarks>
internal sealed class ResponseBody
{
    private const int BufferBytes = 64 * 1024;
    private const int ChunkHeadBytesMax = 4 * 1024;

    private readonly Stream _inner;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly bool _isChunked;
    private int _from;
    private int _to;

    // Of the chunk, or of the body; null: to the end of the connection.
    private long? _left;
    private bool _firstChunk = true;
    private bool _ended;

    /// <param name="already">What was read after the head.</param>
    public ResponseBody(Stream inner, ResponseHead head, ReadOnlySpan<byte> already)
    {
        _inner = inner;
        _isChunked = head.IsChunked;
        _left = _isChunked ? 0 : head.Length;
        already.CopyTo(_buffer);
        _to = already.Length;
    }

    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="IOException">It was cut off.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        if (_isChunked && _left == 0 && !_ended) await NextChunkAsync(cancellationToken);
        if (_ended || _left == 0) return 0;

        if (_left is { } left && left < into.Length) into = into[..(int)left];
        int count = await TakeAsync(into, cancellationToken);
        if (count == 0 && _left is not null) throw CutOff();

        _left -= count;
        return count;
    }

    /// <summary>All of it as text, if it is short.</summary>
    public async Task<string> ReadTextAsync(int bytesMax, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[bytesMax];
        int total = 0;
        while (total < bytesMax)
        {
            int count = await ReadAsync(bytes.AsMemory(total), cancellationToken);
            if (count == 0) break;
            total += count;
        }

        return Encoding.UTF8.GetString(bytes, 0, total);
    }

    private static EndOfStreamException CutOff() => new("The connection ended in the middle of the answer.");

    private async ValueTask<int> TakeAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        if (_from == _to)
        {
            // Straight into the caller's memory, unless that is small.
            if (into.Length >= BufferBytes) return await _inner.ReadAsync(into, cancellationToken);
            if (!await FillAsync(cancellationToken)) return 0;
        }

        int count = Math.Min(into.Length, _to - _from);
        _buffer.AsSpan(_from, count).CopyTo(into.Span);
        _from += count;
        return count;
    }

    private async ValueTask NextChunkAsync(CancellationToken cancellationToken)
    {
        // The line end of the chunk before.
        if (!_firstChunk && (await LineAsync(cancellationToken)).Length > 0) throw Malformed();

        _firstChunk = false;
        string size = (await LineAsync(cancellationToken)).Split(';')[0].Trim();
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long length)
            || length < 0)
        {
            throw Malformed();
        }

        _left = length;
        if (length > 0) return;

        // Trailer fields, of which we need none.
        while ((await LineAsync(cancellationToken)).Length > 0)
        {
        }

        _ended = true;
    }

    private async ValueTask<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (line.Length <= ChunkHeadBytesMax)
        {
            if (_from == _to && !await FillAsync(cancellationToken)) throw CutOff();

            char next = (char)_buffer[_from++];
            if (next == '\n') return line.ToString().TrimEnd('\r');
            line.Append(next);
        }

        throw Malformed();
    }

    private static IOException Malformed() => new("The answer is not HTTP/1.1 as RFC 9112 has it.");

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        (_from, _to) = (0, 0);
        _to = await _inner.ReadAsync(_buffer, cancellationToken);
        return _to > 0;
    }
}
