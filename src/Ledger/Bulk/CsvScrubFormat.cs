using System.Text;

namespace NumberLedger;

/// <summary>CSV out: the line, then four or five columns.</summary>
/// <param name="source">The format of the file: the columns of a CSV line stay, an object becomes one column.</param>
/// <param name="columns">Of a CSV file; 0 otherwise.</param>
/// <param name="lineEnding">As the file has it.</param>
/// <param name="names">How verdicts, reasons and advisories are written.</param>
/// <param name="hasRegistry">There is a fifth column.</param>
public sealed class CsvScrubFormat(
    FileFormat source, int columns, byte[] lineEnding, IAnswerNames names, bool hasRegistry) : IScrubLineFormat
{
    private readonly AnswerTexts _texts = new(answer => Encoding.UTF8.GetBytes(
        $",{names.Of(answer.Verdict)},{string.Join('|', names.Of(answer.Reasons))},"
        + $"{string.Join('|', names.Of(answer.Advisories))},"));

    public void Write(
        AnswerBuffer to, ReadOnlySpan<byte> text, in ScrubLine line, in Answer answer, ReadOnlySpan<byte> asOf,
        string? ofRegistry)
    {
        if (source is FileFormat.Csv)
        {
            to.Write(text, _texts.Of(answer));
        }
        else
        {
            WriteObject(to, text, line);
            to.Write(_texts.Of(answer));
        }

        if (!hasRegistry)
        {
            to.Write(asOf, lineEnding);
            return;
        }

        to.Write(asOf, ","u8);
        if (ofRegistry is not null) to.Write(ofRegistry);
        to.Write(lineEnding);
    }

    public void WriteBad(
        AnswerBuffer to, ReadOnlySpan<byte> text, in ScrubLine line, long number, string code, string detail)
    {
        if (source is FileFormat.Ndjson) WriteObject(to, text, line);
        else if (!line.Fault.IsOfRecord()) to.Write(text);
        else for (int i = 1; i < columns; i++) to.Write((byte)',');

        to.Write(",bad_line,"u8);
        to.WriteQuoted(Encoding.UTF8.GetBytes($"line {number}: {code}: {detail}"));
        to.Write(",,"u8);
        if (hasRegistry) to.Write((byte)',');
        to.Write(lineEnding);
    }

    private static void WriteObject(AnswerBuffer to, ReadOnlySpan<byte> text, in ScrubLine line)
    {
        if (line.Digits != 0)
        {
            to.Write((byte)'+');
            to.Write(line.Digits);
        }

        to.Write((byte)',');
        if (line.Fault is LineFault.LineTooLong) to.Write("\"\""u8);
        else to.WriteQuoted(text);
    }
}

/// <summary>How an answer is written. Flags in order of precedence.</summary>
public interface IAnswerNames
{
    string Of(Verdict verdict);
    string[] Of(Reasons reasons);
    string[] Of(Advisories advisories);
}
