using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace NumberLedger.Cli.Tests;

/// <summary>However an answer is cut into blocks on the way, it is judged the same.</summary>
public class AnswerCheckTests
{
    private const string Body = "number,note,verdict,reason,advisories,as_of\n+861,\"a\nb \"\"c\"\"\",allow,,,\n+862,\"\",deny,x,,\n";

    private static readonly string Whole =
        $"{Body}#end,rows=2,allow=1,deny=1,sha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body)))}\n";

    [Fact]
    public void A_whole_answer_verifies_in_any_blocks() =>
        Gen.Int[1, 40].Array[1, 60].Sample(sizes =>
        {
            (AnswerVerdict verdict, string settled) = Judge(Encoding.UTF8.GetBytes(Whole), sizes);

            Assert.True(verdict.IsSound);
            Assert.Equal(Body, settled);
        });

    [Fact]
    public void Of_a_part_nothing_verifies_and_nothing_is_lost() =>
        Gen.Select(Gen.Int[0, Whole.Length - 3], Gen.Int[1, 40].Array[1, 60]).Sample((length, sizes) =>
        {
            byte[] part = Encoding.UTF8.GetBytes(Whole)[..length];

            (AnswerVerdict verdict, string settled) = Judge(part, sizes);

            Assert.False(verdict.IsSound);
            Assert.Equal(Encoding.UTF8.GetString(part), settled + Encoding.UTF8.GetString(verdict.TrailerLine));
        });

    [Fact]
    public void A_line_of_the_file_that_looks_like_a_trailer_is_none()
    {
        const string Line = """{"end":{"rows":0,"sha256":""},"verdict":"allow"}""" + "\n";

        Assert.Null(AnswerTrailer.Parse(FileFormat.Ndjson, Encoding.UTF8.GetBytes(Line)));
    }

    [Fact]
    public void Records_end_where_a_reader_of_RFC_4180_ends_them() =>
        Gen.Select(Gen.Char["a\",\n"].Array[0, 30], Gen.Int[1, 5].Array[1, 30]).Sample((characters, sizes) =>
        {
            byte[] bytes = Encoding.ASCII.GetBytes(characters);

            Assert.Equal(EndsOf(bytes), EndsInBlocks(bytes, sizes));
        });

    private static (AnswerVerdict Verdict, string Settled) Judge(byte[] answer, int[] sizes)
    {
        var settled = new MemoryStream();
        using var check = new AnswerCheck(FileFormat.Csv, settled.Write);
        int at = 0;
        for (int i = 0; at < answer.Length; i++)
        {
            int size = Math.Min(sizes[i % sizes.Length], answer.Length - at);
            check.Add(answer.AsSpan(at, size));
            at += size;
        }

        return (check.Finish("rows"), Encoding.UTF8.GetString(settled.ToArray()));
    }

    private static List<int> EndsInBlocks(byte[] bytes, int[] sizes)
    {
        var scan = new CsvScan();
        List<int> ends = [];
        int at = 0;
        for (int i = 0; at < bytes.Length; i++)
        {
            int size = Math.Min(sizes[i % sizes.Length], bytes.Length - at);
            int end;
            int from = 0;
            while ((end = scan.EndOfRecord(bytes.AsSpan(at + from, size - from))) >= 0)
            {
                from += end;
                ends.Add(at + from);
            }

            at += size;
        }

        return ends;
    }

    /// <summary>Byte by byte.</summary>
    private static List<int> EndsOf(byte[] bytes)
    {
        List<int> ends = [];
        bool fieldStart = true, quoted = false, closed = false;
        for (int i = 0; i < bytes.Length; i++)
        {
            char next = (char)bytes[i];
            if (quoted)
            {
                (quoted, closed) = (next != '"', next == '"');
                continue;
            }

            if (next == '"' && (fieldStart || closed)) quoted = true;
            if (next == '\n') ends.Add(i + 1);
            (fieldStart, closed) = (next is ',' or '\n', false);
        }

        return ends;
    }
}
