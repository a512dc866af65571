using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace NumberLedger.Api;

/// <summary>Reads the lines of a chunk. Several threads at once: it keeps nothing between them.</summary>
internal abstract class ImportReader
{
    /// <summary>Adds the lines that are not empty, in the order of the file.</summary>
    public abstract void Read(FileChunk chunk, List<ImportLine> lines);

    /// <summary>What a line says that was read before and not refused.</summary>
    public RowContent ReadAgain(FileChunk chunk, in ImportLine line) =>
        Read(chunk.Buffer.AsMemory(line.Start, line.End - line.Start));

    /// <param name="row">A whole record without its line ending.</param>
    protected abstract RowContent Read(ReadOnlyMemory<byte> row);

    protected static ImportLine LineOf(long line, int start, int end, RowContent content) =>
        new(line, start, end, content.Number, content.Refusal);
}

/// <summary>
/// What the lines of one kind of file say, whatever its format: a CSV row is the object that it stands for.
/// </summary>
internal interface IRowShape
{
    /// <summary>Columns of a CSV file, in the order in which <see cref="WriteMembers"/> takes their fields.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Those that a file cannot do without.</summary>
    IReadOnlyList<string> ColumnsRequired { get; }

    /// <summary>Writes the members of a row; an empty field is an absent one.</summary>
    void WriteMembers(Utf8JsonWriter json, string[] fields);

    /// <summary>Reads an object as the API reads it, with the same codes and remedies.</summary>
    RowContent Read(JsonElement row, NumberReader numbers);

    /// <summary>A short way for what most lines are. Never refuses: what it does not take goes the long way.</summary>
    /// <param name="fields">
    /// Of the row, in the order of <see cref="Columns"/>: what stands there means itself, without quotes or escapes. An
    /// absent one is empty.
    /// </param>
    bool TryReadPlain(ReadOnlySpan<byte> row, ReadOnlySpan<Range> fields, out RowContent content);
}

/// <summary>Reads one JSON object a line.</summary>
internal sealed class NdjsonImportReader(IRowShape shape, NumberReader numbers) : ImportReader
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Limits.JsonDepthMax };

    private readonly byte[][] _members = [.. shape.Columns.Select(Encoding.UTF8.GetBytes)];

    public override void Read(FileChunk chunk, List<ImportLine> lines)
    {
        ReadOnlySpan<byte> bytes = chunk.Bytes;
        long line = chunk.FirstLine;
        for (int start = 0; start < bytes.Length; line++)
        {
            int lineFeed = start + bytes[start..].IndexOf((byte)'\n');
            int end = lineFeed > start && bytes[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
            if (!bytes[start..end].Trim(" \t"u8).IsEmpty)
            {
                lines.Add(LineOf(line, start, end, Read(chunk.Buffer.AsMemory(start, end - start))));
            }

            start = lineFeed + 1;
        }
    }

    protected override RowContent Read(ReadOnlyMemory<byte> row)
    {
        if (row.Length > CsvRecords.BytesMax) return RowContent.Refused(ProblemCatalog.LineTooLong);

        Span<Range> fields = stackalloc Range[_members.Length];
        fields.Clear();
        return TryFindPlain(row.Span, fields) && shape.TryReadPlain(row.Span, fields, out RowContent content)
            ? content
            : Read(shape, numbers, row);
    }

    public static RowContent Read(IRowShape shape, NumberReader numbers, ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span)) return RowContent.Refused(ProblemCatalog.LineMalformed, "Write it in UTF-8.");

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? shape.Read(document.RootElement, numbers)
                : RowContent.Refused(ProblemCatalog.LineMalformed);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // Its message may repeat a part of the line. The second one: a text has half of a surrogate pair.
            return RowContent.Refused(ProblemCatalog.LineMalformed);
        }
    }

    /// <returns>False: not one object of known members, each once, with texts that have no escapes.</returns>
    private bool TryFindPlain(ReadOnlySpan<byte> json, Span<Range> fields)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) return false;

            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                int column = 0;
                while (column < _members.Length && !reader.ValueTextEquals(_members[column])) column++;
                if (column == _members.Length || !fields[column].Equals(default)) return false;
                if (!reader.Read() || reader.TokenType is not JsonTokenType.String) return false;
                if (reader.ValueIsEscaped || reader.ValueSpan.IsEmpty) return false;

                int start = (int)reader.TokenStartIndex + 1;
                fields[column] = start..(start + reader.ValueSpan.Length);
            }

            return reader.TokenType is JsonTokenType.EndObject && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
