using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NumberLedger;

/// <summary>NDJSON out: the object, or the columns as members, then the answer's members.</summary>
/// <param name="columns">Of a CSV file; null: the file is NDJSON.</param>
/// <param name="registryName">The member that tells how a registry would answer; null for none.</param>
public sealed class NdjsonScrubFormat(ScrubColumns? columns, IAnswerNames names, string? registryName)
    : IScrubLineFormat
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private readonly AnswerTexts _texts = new(answer => Encoding.UTF8.GetBytes(
        $"\"verdict\":\"{names.Of(answer.Verdict)}\",\"reasons\":{ListOf(names.Of(answer.Reasons))},"
        + $"\"advisories\":{ListOf(names.Of(answer.Advisories))},\"as_of\":\""));

    private readonly string[] _columns = [.. (columns?.Names ?? []).Select(name => Quoted(name) + ":")];

    public void Write(
        AnswerBuffer to, ReadOnlySpan<byte> text, in ScrubLine line, in Answer answer, ReadOnlySpan<byte> asOf,
        string? ofRegistry)
    {
        WriteMembers(to, text);
        to.Write(_texts.Of(answer), asOf);
        to.Write((byte)'"');
        if (registryName is not null && ofRegistry is not null) to.Write($",\"{registryName}\":\"{ofRegistry}\"");
        to.Write("}\n"u8);
    }

    public void WriteBad(
        AnswerBuffer to, ReadOnlySpan<byte> text, in ScrubLine line, long number, string code, string detail)
    {
        // With a verdict of its own, passed through, the object would have two: some readers take the first.
        if (line.Fault.IsOfRecord() || line.Fault is LineFault.MemberReserved) to.Write((byte)'{');
        else WriteMembers(to, text);
        to.Write($"\"verdict\":\"bad_line\",\"problem\":{{\"line\":{number},\"code\":{Quoted(code)},");
        to.Write($"\"detail\":{Quoted(detail)}}}}}\n");
    }

    /// <summary>An object that is still open, and ready for another member.</summary>
    private void WriteMembers(AnswerBuffer to, ReadOnlySpan<byte> text)
    {
        if (columns is null)
        {
            ReadOnlySpan<byte> open = text[..text.LastIndexOf((byte)'}')].TrimEnd(" \t"u8);
            to.Write(open);
            if (open[^1] != '{') to.Write((byte)',');
            return;
        }

        to.Write((byte)'{');
        var fields = new CsvFieldReader(text);
        for (int i = 0; i < _columns.Length && fields.Read(); i++)
        {
            to.Write(_columns[i]);
            to.Write(Quoted(fields.Text()));
            to.Write((byte)',');
        }
    }

    private static string ListOf(string[] texts) => $"[{string.Join(',', texts.Select(Quoted))}]";

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, Encoder)}\"";
}
