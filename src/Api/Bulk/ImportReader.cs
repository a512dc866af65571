using System.Text.Json;
using System.Text.Unicode;

namespace NumberLedger.Api;

/// <summary>Reads the lines of a chunk. Several chunks at once: it keeps nothing between them.</summary>
internal abstract class ImportReader
{
    /// <summary>Adds the lines that are not empty, in the order of the file.</summary>
    public abstract void Read(FileChunk chunk, List<ImportLine> lines);
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
    bool TryReadPlain(ReadOnlySpan<byte> json, out RowContent content);
}

/// <summary>Reads one JSON object a line.</summary>
internal sealed class NdjsonImportReader(IRowShape shape, NumberReader numbers) : ImportReader
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Limits.JsonDepthMax };

    public override void Read(FileChunk chunk, List<ImportLine> lines)
    {
        ReadOnlySpan<byte> bytes = chunk.Bytes;
        long number = chunk.FirstLine;
        for (int start = 0; start < bytes.Length; number++)
        {
            int lineFeed = start + bytes[start..].IndexOf((byte)'\n');
            int end = lineFeed > start && bytes[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
            if (!bytes[start..end].Trim(" \t"u8).IsEmpty)
            {
                RowContent content = Read(shape, numbers, chunk.Buffer.AsMemory(start, end - start));
                lines.Add(new ImportLine(start, end, number, content));
            }

            start = lineFeed + 1;
        }
    }

    public static RowContent Read(IRowShape shape, NumberReader numbers, ReadOnlyMemory<byte> json)
    {
        if (json.Length > CsvRecords.BytesMax) return RowContent.Refused(ProblemCatalog.LineTooLong);
        if (shape.TryReadPlain(json.Span, out RowContent content)) return content;
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
}
