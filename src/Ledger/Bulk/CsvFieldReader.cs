using System.Text;

namespace NumberLedger;

/// <summary>Takes one record apart, which <see cref="CsvRecords"/> found and did not find broken.</summary>
/// <param name="record">Without its line ending.</param>
public ref struct CsvFieldReader(ReadOnlySpan<byte> record)
{
    private const byte Quote = (byte)'"';

    private readonly ReadOnlySpan<byte> _record = record;
    private int _at;

    /// <summary>The field as it stands in the file, its quotes included.</summary>
    public ReadOnlySpan<byte> Raw { get; private set; }

    /// <summary>Where it stands in the record.</summary>
    public readonly Range Place => (_at - 1 - Raw.Length)..(_at - 1);

    public readonly bool IsQuoted => !Raw.IsEmpty && Raw[0] == Quote;

    /// <summary>A record has one field more than it has commas: an empty one has one empty field.</summary>
    public bool Read()
    {
        if (_at > _record.Length) return false;

        int end = _at;
        if (end < _record.Length && _record[end] == Quote)
        {
            // Past pairs of quotes, which stand for one, to the quote that closes.
            do end = end + 1 + _record[(end + 1)..].IndexOf(Quote) + 1;
            while (end < _record.Length && _record[end] == Quote);
        }
        else
        {
            int comma = _record[end..].IndexOf((byte)',');
            end = comma < 0 ? _record.Length : end + comma;
        }

        Raw = _record[_at..end];
        _at = end + 1;
        return true;
    }

    /// <summary>
    /// What the field says: without quotes, pairs of them as one. Bytes that are no UTF-8 are replaced.
    /// </summary>
    public readonly string Text() => IsQuoted
        ? Encoding.UTF8.GetString(Raw[1..^1]).Replace("\"\"", "\"", StringComparison.Ordinal)
        : Encoding.UTF8.GetString(Raw);
}
