namespace NumberLedger.Bench.Compare;

/// <summary>Lines of a file as bytes, without their line ending. A line is valid until the next is read.</summary>
internal sealed class LineReader(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    private readonly byte[] _buffer = new byte[1 << 18];
    private int _start, _end;

    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            ReadOnlySpan<byte> held = _buffer.AsSpan(_start, _end - _start);
            int length = held.IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = held[..length];
                _start += length + 1;
                return true;
            }

            held.CopyTo(_buffer);
            (_start, _end) = (0, held.Length);
            int read = _file.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                line = held.Length > 0 ? _buffer.AsSpan(0, held.Length) : default;
                _start = _end;
                return line.Length > 0;
            }

            _end += read;
        }
    }

    public void Dispose() => _file.Dispose();
}
