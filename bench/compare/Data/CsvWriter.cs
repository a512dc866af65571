using System.Globalization;

namespace NumberLedger.Bench.Compare;

/// <summary>Writes lines of digits, days and words without making a string for each.</summary>
internal sealed class CsvWriter(string path) : IDisposable
{
    private const int FieldBytesMax = 64;

    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _length;
    private bool _lineBegun;

    public CsvWriter Field(long value)
    {
        value.TryFormat(Next(), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
        return this;
    }

    public CsvWriter E164(long digits)
    {
        Span<byte> field = Next();
        field[0] = (byte)'+';
        digits.TryFormat(field[1..], out int written, default, CultureInfo.InvariantCulture);
        _length += written + 1;
        return this;
    }

    /// <summary>No day: an empty field.</summary>
    public CsvWriter Field(DateOnly? day)
    {
        Span<byte> field = Next();
        if (day is not { } known) return this;
        known.TryFormat(field, out int written, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        _length += written;
        return this;
    }

    /// <summary>Noon UTC of a day, as PostgreSQL reads it.</summary>
    public CsvWriter Noon(DateOnly? day)
    {
        Field(day);
        if (day is null) return this;
        ReadOnlySpan<byte> noon = " 12:00:00+00"u8;
        noon.CopyTo(_buffer.AsSpan(_length));
        _length += noon.Length;
        return this;
    }

    public CsvWriter Field(ReadOnlySpan<byte> word)
    {
        word.CopyTo(Next());
        _length += word.Length;
        return this;
    }

    public void EndLine()
    {
        _buffer[_length++] = (byte)'\n';
        _lineBegun = false;
    }

    public void Dispose()
    {
        _file.Write(_buffer, 0, _length);
        _file.Dispose();
    }

    private Span<byte> Next()
    {
        if (_length > _buffer.Length - FieldBytesMax)
        {
            _file.Write(_buffer, 0, _length);
            _length = 0;
        }

        if (_lineBegun) _buffer[_length++] = (byte)',';
        _lineBegun = true;
        return _buffer.AsSpan(_length);
    }
}
