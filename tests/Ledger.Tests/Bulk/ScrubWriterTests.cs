using System.Text;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>A chunk's answer, written at once or piece by piece.</summary>
public class ScrubWriterTests
{
    private static readonly ScrubColumns Columns = ScrubColumns.Of("number,purpose,note"u8);
    private static readonly ScrubDefaults Defaults = new(Purposes.Marketing, PhoneNumber.Read);

    private static readonly Gen<string> Rows = Gen.OneOf(
        "+8613800001234,,x", "+8613800002345,collection,", "+12065550100,,\"a\nb\"", "nobody,,", "+8613800001234,", "");

    [Fact]
    public void Written_in_pieces_it_says_what_it_says_at_once() =>
        Gen.Select(Rows.Array[0, 40], Gen.Int[1, 400], Gen.Bool).Sample((rows, bytesMax, isCsv) =>
        {
            string text = string.Concat(rows.Select(row => row + "\n"));

            (string whole, List<KeyValuePair<string, long>> counts, _) = Write(text, isCsv, int.MaxValue);
            (string pieces, List<KeyValuePair<string, long>> counted, int longest) = Write(text, isCsv, bytesMax);

            Assert.Equal(whole, pieces);
            Assert.Equal(counts, counted);
            Assert.InRange(longest, 0, bytesMax + 400); // A line more, at most.
        });

    private static (string Text, List<KeyValuePair<string, long>> Counts, int Longest) Write(
        string text, bool isCsv, int bytesMax)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text), .. new byte[64]];
        int length = bytes.Length - 64;
        var lines = new ScrubLines();
        new ScrubCsvReader(Columns, Defaults).Read(bytes, length, lines);
        var groups = new BlockGroups();
        groups.Group(lines, _ => Days.Pack(new DateOnly(2026, 3, 1)));
        Answer[] verdicts = [.. Enumerable.Range(0, groups.Questions).Select(i => i % 2 == 0
            ? new Answer(Verdict.Allow, Reasons.None, Advisories.None)
            : new Answer(Verdict.Deny, Reasons.Reassigned, Advisories.None))];
        long[] positions = [.. Enumerable.Range(0, groups.Count).Select(i => 7L + i)];

        IScrubLineFormat format = isCsv
            ? new CsvScrubFormat(FileFormat.Csv, Columns.Names.Count, "\n"u8.ToArray(), new Names(), hasRegistry: false)
            : new NdjsonScrubFormat(Columns, new Names(), null);
        var writer = new ScrubWriter(format, fault => ($"{fault}", "why"));
        var to = new AnswerBuffer();
        var counts = new ScrubCounts();
        var written = new StringBuilder();
        int longest = 0;
        int next = 0;
        do
        {
            to.Clear();
            next = writer.Write(
                bytes.AsSpan(0, length), 2, lines, next, groups, new(verdicts, positions, []), to, bytesMax, counts);
            written.Append(Encoding.UTF8.GetString(to.Written.Span));
            longest = Math.Max(longest, to.Length);
        }
        while (next < lines.Count);

        return (written.ToString(), counts.ToList(reason => $"{reason}"), longest);
    }

    private sealed class Names : IAnswerNames
    {
        public string Of(Verdict verdict) => $"{verdict}";

        public string[] Of(Reasons reasons) => reasons == Reasons.None ? [] : [$"{reasons}"];

        public string[] Of(Advisories advisories) => advisories == Advisories.None ? [] : [$"{advisories}"];
    }
}
