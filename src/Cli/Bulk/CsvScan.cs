namespace NumberLedger.Cli;

/// <summary>Finds where records of a CSV file end (RFC 4180): a line break inside a quoted field is none.</summary>
/// <remarks>
/// A quote opens a field only at its very beginning; anywhere else in an unquoted field it is a character.
/// </remarks>
internal struct CsvScan
{
    // What stands before the next byte: a byte of the file, or one of these, which are in no field of ours.
    private const byte RecordStart = (byte)'\n';
    private const byte AfterClosing = 1;

    private bool _quoted;
    private byte _before;

    public CsvScan() => _before = RecordStart;

    /// <summary>Goes on where the last call stopped.</summary>
    /// <returns>How many bytes the record has here, its line break included; -1 if it does not end here.</returns>
    public int EndOfRecord(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            int found = _quoted ? bytes[at..].IndexOf((byte)'"') : bytes[at..].IndexOfAny((byte)'\n', (byte)'"');
            if (found < 0)
            {
                _before = bytes[^1];
                return -1;
            }

            if (found > 0) _before = bytes[at + found - 1];
            at += found + 1;
            if (bytes[at - 1] == '\n')
            {
                _before = RecordStart;
                return at;
            }

            if (_quoted)
            {
                _quoted = false;
                _before = AfterClosing;
            }
            else
            {
                // Right after a closing quote it is the second of two, which stand for one inside the field.
                _quoted = _before is RecordStart or (byte)',' or AfterClosing;
                _before = (byte)'"';
            }
        }

        return -1;
    }
}
