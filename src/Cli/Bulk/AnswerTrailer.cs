using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NumberLedger.Cli;

/// <summary>The last line of an answer: what was counted, and the digest of all before it.</summary>
/// <param name="Values">By the names that CSV has: rows, allow, reason.reassigned, stopped.</param>
internal sealed record AnswerTrailer(IReadOnlyDictionary<string, string> Values)
{
    private const string CsvMark = "#end";
    private const string ReasonPrefix = "reason.";
    private const string CodePrefix = "code.";

    public long Rows => Count("rows");

    /// <summary>SHA-256 in hexadecimal digits.</summary>
    public string Sha256 => Values.GetValueOrDefault("sha256", "");

    /// <summary>Why the file was not read to its end; null if it was.</summary>
    public string? Stopped => Values.GetValueOrDefault("stopped");

    /// <summary>
    /// All of it was read and answered, though lines were refused: so the feed was not taken to be complete.
    /// </summary>
    public bool FeedIsIncomplete => Stopped == "feed-incomplete";

    /// <summary>The ledger read no further: what is answered is a part.</summary>
    public bool StoppedEarly => Stopped is not null && !FeedIsIncomplete;

    public string Detail => Values.GetValueOrDefault("detail", "");

    public IReadOnlyDictionary<string, long> Reasons => Counts(ReasonPrefix);

    public IReadOnlyDictionary<string, long> Codes => Counts(CodePrefix);

    public long Count(string name) =>
        long.TryParse(
            Values.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            ? count : 0;

    /// <returns>Null: it is no trailer.</returns>
    public static AnswerTrailer? Parse(FileFormat format, ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd("\r\n"u8);
        return format == FileFormat.Csv ? ParseCsv(line) : ParseNdjson(line);
    }

    /// <summary>As the ledger writes it, for an answer that was put together from two.</summary>
    public string ToCsv()
    {
        IEnumerable<string> fields = Values.Where(pair => pair.Key != "sha256").Append(new("sha256", Sha256))
            .Select(pair => CsvFields.Write($"{pair.Key}={pair.Value}"));
        return string.Join(',', fields.Prepend(CsvMark)) + "\n";
    }

    private Dictionary<string, long> Counts(string prefix) => Values.Keys
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(name => name[prefix.Length..], Count);

    private static AnswerTrailer? ParseCsv(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("#end,"u8)) return null;

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string field in CsvFields.Split(line).Skip(1))
        {
            int sign = field.IndexOf('=', StringComparison.Ordinal);
            if (sign < 0) return null;
            values[field[..sign]] = field[(sign + 1)..];
        }

        return new AnswerTrailer(values);
    }

    private static AnswerTrailer? ParseNdjson(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("{\"end\""u8)) return null;

        try
        {
            using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(line));
            JsonElement root = document.RootElement;
            // A line that was passed through may have such a member too, beside others.
            if (root.GetPropertyCount() != 1 || root.GetProperty("end") is not { ValueKind: JsonValueKind.Object } end)
            {
                return null;
            }

            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (JsonProperty member in end.EnumerateObject()) Flatten(member, values);
            return new AnswerTrailer(values);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Flatten(JsonProperty member, Dictionary<string, string> values)
    {
        if (member.Value.ValueKind != JsonValueKind.Object)
        {
            values[member.Name] = member.Value.ToString();
            return;
        }

        string prefix = member.Name == "reasons" ? ReasonPrefix : CodePrefix;
        foreach (JsonProperty count in member.Value.EnumerateObject())
        {
            values[prefix + count.Name] = count.Value.ToString();
        }
    }
}
