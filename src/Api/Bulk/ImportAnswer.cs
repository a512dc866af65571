using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>What comes back from a file that writes: the lines that were refused, and counts.</summary>
internal sealed class ImportAnswer(FileFormat format, ImmutableSortedDictionary<string, long> counted)
{
    private const string Rows = "rows";
    private const string Recorded = "recorded";
    private const string Duplicate = "duplicate";
    private const string RefusedRows = "refused";
    private const string Code = "code.";

    private readonly SortedDictionary<string, long> _codes = new(
        counted.Where(count => count.Key.StartsWith(Code, StringComparison.Ordinal)).ToDictionary(),
        StringComparer.Ordinal);

    private long _recorded = counted.GetValueOrDefault(Recorded);
    private long _duplicates = counted.GetValueOrDefault(Duplicate);
    private long _refused = counted.GetValueOrDefault(RefusedRows);

    /// <summary>The lines refused since it was last cleared.</summary>
    public AnswerBuffer Buffer { get; } = new();

    public long Refused => _refused;

    public long RowCount => _recorded + _duplicates + _refused;

    /// <summary>As the trailer has them.</summary>
    public List<KeyValuePair<string, long>> Counts =>
    [
        new(Rows, RowCount), new(Recorded, _recorded), new(Duplicate, _duplicates), new(RefusedRows, _refused),
        .. _codes,
    ];

    public void WriteHeader()
    {
        if (format is FileFormat.Csv) Buffer.Write("line,code,remedy,row\n"u8);
    }

    public void CountRecorded() => _recorded++;

    public void CountDuplicate() => _duplicates++;

    /// <param name="row">As it stands in the file.</param>
    public void Refuse(long line, LineRefusal refusal, ReadOnlySpan<byte> row)
    {
        _refused++;
        string code = Code + refusal.Code;
        _codes[code] = _codes.GetValueOrDefault(code) + 1;

        if (row.Length > CsvRecords.BytesMax) row = []; // All of it did not arrive here.
        if (format is FileFormat.Csv)
        {
            Buffer.Write(line);
            Buffer.Write($",{refusal.Code},");
            Buffer.WriteQuoted(Encoding.UTF8.GetBytes(refusal.Remedy));
            Buffer.Write(","u8);
            Buffer.WriteQuoted(row);
            Buffer.Write("\n"u8);
            return;
        }

        Buffer.Write("{\"line\":"u8);
        Buffer.Write(line);
        Buffer.Write($",\"code\":\"{refusal.Code}\",\"remedy\":{Quoted(refusal.Remedy)},\"row\":{Quoted(row)}}}\n");
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, Json.WriterOptions.Encoder)}\"";

    private static string Quoted(ReadOnlySpan<byte> text) => Quoted(Encoding.UTF8.GetString(text));
}
