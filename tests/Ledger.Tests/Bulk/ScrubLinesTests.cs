using System.Text;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>From the bytes of a chunk to questions, grouped by block.</summary>
public class ScrubLinesTests
{
    private static readonly ScrubDefaults Defaults = new(Purposes.Marketing, PhoneNumber.Read);
    private static readonly ScrubColumns Columns = ScrubColumns.Of("id,number,purpose,date"u8);

    private static readonly Gen<string> Fields = Gen.OneOf(
        "", "1", "+8613800001234", "+8613800011234", "+12065550100", "marketing", "collection", "2026-03-01", "1949-01-01",
        "12", "+8612", "x y");

    private static readonly Gen<string[]> Rows = Fields.Array[3, 5];

    [Fact]
    public void A_line_is_a_number_a_purpose_and_a_day()
    {
        ScrubLine line = Assert.Single(Read("7,+8613800001234,collection,2026-03-01\n"));

        Assert.Equal(8_613_800_001_234, line.Digits);
        Assert.Equal(new Question(Purposes.Collection, Days.Pack(new DateOnly(2026, 3, 1))), line.Question);
        Assert.Equal((0, 38), (line.Start, line.End));
    }

    [Theory]
    [InlineData("7,,,\n", LineFault.NumberMissing)]
    [InlineData("7,+8613800001234,sms,\n", LineFault.PurposeUnknown)]
    [InlineData("7,+8613800001234,,2026-02-30\n", LineFault.DayMalformed)]
    [InlineData("7,+8613800001234,,1949-12-31\n", LineFault.ConsentTooEarly)]
    [InlineData("7,+8613800001234,\n", LineFault.FieldsMissing)]
    [InlineData("7,+8613800001234,,,\n", LineFault.FieldsTooMany)]
    [InlineData("\"7,+8613800001234,,\n", LineFault.QuoteMalformed)]
    public void A_bad_line_says_why_and_is_not_asked(string text, LineFault fault)
    {
        ScrubLine line = Assert.Single(Read(text));

        Assert.Equal(fault, line.Fault);
        Assert.Equal(0, line.Digits);
    }

    [Fact]
    public void A_line_that_is_too_long_is_a_bad_one()
    {
        string text = new string('x', CsvRecords.BytesMax) + ",+8613800001234,,\n1,+8613800001234,,\n";

        Assert.Equal([LineFault.LineTooLong, LineFault.None], Read(text).Select(line => line.Fault));
    }

    [Fact]
    public void With_and_without_quotes_the_same_is_read() => Rows.Array[0, 12].Sample(rows =>
    {
        string plain = string.Concat(rows.Select(row => string.Join(',', row) + "\r\n"));
        string quoted = string.Concat(rows.Select(row => string.Join(',', row.Select(field => $"\"{field}\"")) + "\n"));

        Assert.Equal(Read(plain).Select(What), Read(quoted).Select(What));

        static (long, Question, LineFault) What(ScrubLine line) =>
            (line.Digits, line.Fault is LineFault.None ? line.Question : default, line.Fault);
    });

    [Fact]
    public void A_chunk_without_quotes_is_read_as_one_with_them() => Rows.Array[0, 40].Sample(rows =>
    {
        string text = string.Concat(rows.Select(row => string.Join(',', row) + "\n"));

        // A last record with a quote sends the whole chunk the other way.
        Assert.Equal(Read(text), Read(text + "\"\",,,\n").SkipLast(1));
    });

    [Theory]
    [InlineData("""{"number":"+8613800001234","purpose":"collection","x":[1,{"number":2}]}""", LineFault.None)]
    [InlineData("""{"date":null,"number":"+8613800001234","purpose":"collection"}""", LineFault.None)]
    [InlineData("""{"number":"\u002B8613800001234"}""", LineFault.None)]
    [InlineData("""{"number":"+86138"}""", LineFault.NumberTooShort)]
    [InlineData("""{"number":8613800001234}""", LineFault.TypeWrong)]
    [InlineData("""{"number":"+8613800001234","number":"+8613800001235"}""", LineFault.MemberDuplicated)]
    [InlineData("""{"purpose":"collection"}""", LineFault.NumberAbsent)]
    [InlineData("""{"number":"+8613800001234","verdict":"allow"}""", LineFault.MemberReserved)]
    [InlineData("""{"number":"+86138","verdict":"allow"}""", LineFault.MemberReserved)]
    [InlineData("""{"verdict":"allow","number":1,"purpose":"none"}""", LineFault.MemberReserved)]
    [InlineData("""["+8613800001234"]""", LineFault.LineMalformed)]
    [InlineData("""{"number":"+8613800001234"} {}""", LineFault.LineMalformed)]
    [InlineData("""{"number":"+8613800001234",}""", LineFault.LineMalformed)]
    [InlineData("+8613800001234", LineFault.LineMalformed)]
    public void An_object_is_read_strictly_where_it_matters(string text, LineFault fault)
    {
        var lines = new ScrubLines();
        new ScrubNdjsonReader(Defaults, ["verdict"]).Read(Encoding.UTF8.GetBytes(text + "\n\n"), lines);

        ScrubLine line = Assert.Single(lines.All.ToArray());
        Assert.Equal(fault, line.Fault);
        Assert.Equal(fault is LineFault.None ? 8_613_800_001_234 : 0, line.Digits);
    }

    [Theory]
    [InlineData("""{"number":"+86138","verdict":"allow"}""")]
    [InlineData("""{"verdic\u0074":"allow","number":"+8613800001234"}""")]
    public void An_object_with_a_verdict_of_its_own_is_not_passed_through(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text + "\n");
        var lines = new ScrubLines();
        new ScrubNdjsonReader(Defaults, ["verdict"]).Read(bytes, lines);
        var answer = new AnswerBuffer();
        var format = new NdjsonScrubFormat(null, new EnumNames(), null);

        format.WriteBad(answer, bytes.AsSpan(0, bytes.Length - 1), lines.All[0], 1, "code", "why");

        Assert.Equal(
            """{"verdict":"bad_line","problem":{"line":1,"code":"code","detail":"why"}}""" + "\n",
            Encoding.UTF8.GetString(answer.Written.Span));
    }

    private sealed class EnumNames : IAnswerNames
    {
        public string Of(Verdict verdict) => $"{verdict}";
        public string[] Of(Reasons reasons) => $"{reasons}".Split(", ");
        public string[] Of(Advisories advisories) => $"{advisories}".Split(", ");
    }

    [Fact]
    public void Every_question_stands_in_its_block_in_the_order_of_lines() =>
        Gen.Long[8_613_800_000_000, 8_613_900_000_000].Array[0, 6_000].Sample(
            numbers =>
            {
                var lines = new ScrubLines();
                var question = new Question(Purposes.Marketing, 1);
                foreach (long digits in numbers) lines.Add(new(0, 0, digits, question, LineFault.None));
                var groups = new BlockGroups();
                groups.Group(lines, _ => ushort.MaxValue);

                Assert.Equal(numbers.Length, groups.Questions);
                int[] lastPlace = Enumerable.Repeat(-1, groups.Count).ToArray();
                for (int i = 0; i < numbers.Length; i++)
                {
                    (int group, int place) = (groups.GroupOf[i], groups.PlaceOf[i]);
                    Assert.Equal(numbers[i] / 10_000, groups.Block(group).Key);
                    (int offset, int length) = groups.Places(group).GetOffsetAndLength(int.MaxValue);
                    Assert.InRange(place, offset, offset + length - 1);
                    Assert.Equal(numbers[i] % 10_000, groups.OffsetsOf(group)[place - offset]);
                    Assert.True(place > lastPlace[group]);
                    lastPlace[group] = place;
                }
            },
            iter: 30);

    [Fact]
    public void A_day_in_the_future_of_its_own_country_makes_a_bad_line()
    {
        var lines = new ScrubLines();
        lines.Add(new(0, 0, 8_613_800_001_234, new(Purposes.Marketing, 11), LineFault.None));
        lines.Add(new(0, 0, 12_065_550_100, new(Purposes.Marketing, 11), LineFault.None));
        var groups = new BlockGroups();

        groups.Group(lines, block => block.Key == 861_380_000 ? (ushort)11 : (ushort)10);

        Assert.Equal([LineFault.None, LineFault.ConsentInFuture], lines.All.ToArray().Select(line => line.Fault));
        Assert.Equal(1, groups.Questions);
        Assert.Equal(-1, groups.GroupOf[1]);
    }

    private static ScrubLine[] Read(string text)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text), .. new byte[64]];
        var lines = new ScrubLines();
        new ScrubCsvReader(Columns, Defaults).Read(bytes, bytes.Length - 64, lines);
        return lines.All.ToArray();
    }
}
