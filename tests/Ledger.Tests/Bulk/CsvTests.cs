using System.Text;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>Records of a CSV text, and the fields in them.</summary>
public class CsvTests
{
    private static readonly Gen<string> Texts =
        Gen.OneOf("a", "+86", ",", "\"", "\"\"", "\n", "\r\n", "x y", "é", "").Array[0, 40].Select(string.Concat);

    [Theory]
    [InlineData("a,b\nc", 4)]
    [InlineData("a,\"b\nc\"\nd", 8)] // A quoted line break ends no record.
    [InlineData("\"a\"\"\n\",b\r\nc", 10)]
    [InlineData("a\"b\nc\"\n", 4)] // A quote in the middle of a field is a character.
    public void A_record_ends_with_the_line_break_that_is_not_quoted(string text, int length)
    {
        Assert.Equal(length, CsvRecords.LengthOf(Encoding.UTF8.GetBytes(text), isFinal: true, out bool isBroken));
        Assert.False(isBroken);
    }

    [Theory]
    [InlineData("\"a\nb\nc")] // Never closed.
    [InlineData("\"a\"b\nc\n")] // Something else than a comma after it.
    public void A_record_that_cannot_be_read_ends_with_its_first_line(string text)
    {
        int length = CsvRecords.LengthOf(Encoding.UTF8.GetBytes(text), isFinal: true, out bool isBroken);

        Assert.Equal(text.IndexOf('\n', StringComparison.Ordinal) + 1, length);
        Assert.True(isBroken);
    }

    [Fact]
    public void A_quote_that_is_not_closed_within_the_limit_costs_one_line()
    {
        byte[] text = Encoding.UTF8.GetBytes("\"a\n" + new string('b', CsvRecords.BytesMax + 10) + "\nc\n");

        Assert.Equal(3, CsvRecords.LengthOf(text, isFinal: false, out bool isBroken));
        Assert.True(isBroken);
    }

    [Fact]
    public void Wherever_a_text_is_cut_it_has_the_same_records() =>
        Gen.Select(Texts, Gen.Int[0, 80]).Sample((text, cut) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text + "\n");
            int whole = CsvRecords.WholeRecords(bytes.AsSpan(0, Math.Min(cut, bytes.Length)), isFinal: false);

            // A record that begins before the cut and is not whole there is left for the next chunk. What was never
            // closed is found out only at the end.
            List<int> all = Ends(bytes);
            Assert.True(whole == 0 || all.Contains(whole) || text.Contains('"', StringComparison.Ordinal));
            Assert.Equal(
                all.Where(end => end <= whole), Ends(bytes.AsSpan(0, whole)).Where(end => all.Contains(end)));
        });

    [Fact]
    public void Fields_that_were_written_are_read_again() =>
        Gen.OneOf("", "a", "a,b", "say \"x\"", "\"", "line\nbreak", "+8613800001234").Array[1, 6].Sample(fields =>
        {
            string record = string.Join(',', fields.Select(Written));
            byte[] bytes = Encoding.UTF8.GetBytes(record + "\n");

            Assert.Equal(bytes.Length, CsvRecords.LengthOf(bytes, isFinal: true, out bool isBroken));
            Assert.False(isBroken);
            Assert.Equal(fields, Fields(bytes.AsSpan(0, bytes.Length - 1)));
        });

    internal static string Written(string field) =>
        field.IndexOfAny([',', '"', '\n']) < 0
            ? field
            : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static List<string> Fields(ReadOnlySpan<byte> record)
    {
        var fields = new List<string>();
        var reader = new CsvFieldReader(record);
        while (reader.Read()) fields.Add(reader.Text());
        return fields;
    }

    private static List<int> Ends(ReadOnlySpan<byte> bytes)
    {
        var ends = new List<int>();
        for (int at = 0; at < bytes.Length;)
        {
            at += CsvRecords.LengthOf(bytes[at..], isFinal: true, out _);
            ends.Add(at);
        }

        return ends;
    }
}
