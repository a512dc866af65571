namespace NumberLedger.Cli;

/// <summary>Reads a CSV file record by record, and knows where each ends.</summary>
internal sealed class CsvRecordReader(Stream stream)
{
    private byte[] _buffer = new byte[256 * 1024];
    private CsvScan _scan = new();
    private int _from;
    private int _scanned;
    private int _to;

    /// <summary>
    /// The last record with its line break, valid until the next is read; empty at the end of the file.
    /// </summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_from, Length);

    /// <summary>The same without its line break.</summary>
    public ReadOnlySpan<byte> Record => Raw.TrimEnd("\r\n"u8);

    /// <summary>Where the last record ends, in bytes of the file.</summary>
    public long Offset { get; private set; }

    /// <summary>Line breaks so far, those inside records among them.</summary>
    public long Lines { get; private set; }

    private int Length { get; set; }

    /// <returns>False at the end of the file. A last record without a line break is not read.</returns>
    public bool Read()
    {
        _from += Length;
        Length = 0;
        while (true)
        {
            int end = _scan.EndOfRecord(_buffer.AsSpan(_scanned, _to - _scanned));
            if (end >= 0)
            {
                _scanned += end;
                Length = _scanned - _from;
                Offset += Length;
                Lines += Raw.Count((byte)'\n');
                return true;
            }

            _scanned = _to;
            if (!Fill()) return false;
        }
    }

    private bool Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_scanned, _to, _from) = (_scanned - _from, _to - _from, 0);
        }

        if (_to == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        int count = stream.Read(_buffer, _to, _buffer.Length - _to);
        _to += count;
        return count > 0;
    }
}
