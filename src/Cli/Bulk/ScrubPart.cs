using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NumberLedger.Cli;

/// <summary>What an earlier run left of a scrub's answer, compared with the file that it answers.</summary>
/// <param name="Header">Of the file, with its line break.</param>
/// <param name="AnswerHeader">Of the answer, with its line break.</param>
/// <param name="KeepBytes">Of the part: whole answered lines.</param>
/// <param name="Rows">How many lines it answers.</param>
/// <param name="Counts">As a trailer has them.</param>
/// <param name="Hash">Over the bytes that are kept; to be continued.</param>
/// <param name="InputOffset">Where the first line of the file begins that is not answered.</param>
/// <param name="InputLines">Line breaks of the file between its header and there.</param>
/// <param name="IsWhole">It has its trailer: only its name is still that of a part.</param>
internal sealed record ScrubPart(
    byte[] Header, byte[] AnswerHeader, long KeepBytes, long Rows, SortedDictionary<string, long> Counts,
    IncrementalHash Hash, long InputOffset, long InputLines, bool IsWhole)
{
    /// <summary>
    /// A verdict is about its moment: one that is older than this is asked for again rather than put beside fresh ones.
    /// </summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromHours(1);

    private const string BadLine = "bad_line";

    private static readonly string[] AlwaysCounted = ["rows", "allow", "deny", "unknown", "bad"];

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <exception cref="CliFailure">It cannot be continued; run the scrub from the beginning.</exception>
    public static ScrubPart Read(FileOrder order, ScrubQuestion question, DateTimeOffset now, Lang lang)
    {
        string path = AnswerSink.PartOf(order.Output!);
        if (order.Part is null || !File.Exists(path))
        {
            throw Unfit(lang, $"There is no {path} to go on with.", $"没有可以继续的 {path}。");
        }

        if (now.UtcDateTime - File.GetCreationTimeUtc(path) > AgeMax)
        {
            throw Unfit(
                lang, $"{path} was begun more than an hour ago: its verdicts are too old.", $"{path} 是一个多小时以前开始的，其中的结论已经过时。");
        }

        RefuseOtherQuestion(path, question, lang);
        using FileStream input = order.OpenFile();
        using var part = new FileStream(path, new FileStreamOptions { Share = FileShare.Read, BufferSize = 0 });
        return Compare(new CsvRecordReader(input), new CsvRecordReader(part), lang)
            ?? throw Unfit(
                lang, $"{path} does not answer {order.Input}, or has no answered line.", $"{path} 与 {order.Input} 对不上，或还没有任何结果。");
    }

    /// <summary>
    /// Lines and columns do not show what was asked: verdicts for another purpose look like these, and are not.
    /// </summary>
    private static void RefuseOtherQuestion(string path, ScrubQuestion question, Lang lang)
    {
        if (ScrubQuestion.ReadBeside(path) is not { } begun)
        {
            throw Unfit(
                lang, $"{ScrubQuestion.PathOf(path)} is missing or unreadable: nobody knows what {path} was asked.",
                $"{ScrubQuestion.PathOf(path)} 不存在或无法识别，不知道 {path} 当时是怎么问的。");
        }

        if (begun.DifferenceTo(question, lang) is { Length: > 0 } difference)
        {
            throw new CliFailure(ExitCodes.Usage, lang.Say(
                $"{path} answers another question: {difference}. "
                + "Go on with the options and the key that it was begun with, or run it without --continue.",
                $"{path} 是按另一种问法得到的：{difference}。请用当时的选项和密钥继续，或去掉 --continue 重新运行。"));
        }
    }

    private static CliFailure Unfit(Lang lang, string english, string chinese) => new(
        ExitCodes.Usage, lang.Say($"{english} Run it without --continue.", $"{chinese}请去掉 --continue 重新运行。"));

    /// <returns>Null: the one does not answer the other.</returns>
    private static ScrubPart? Compare(CsvRecordReader input, CsvRecordReader part, Lang lang)
    {
        if (!input.Read() || !part.Read()) return null;

        byte[] header = input.Raw.ToArray();
        long headerLines = input.Lines;
        byte[] answerHeader = part.Raw.ToArray();
        if (!Answers(Bare(part.Record), Bare(input.Record))) return null;

        List<string> columns = CsvFields.Split(part.Record);
        int verdictAt = columns.LastIndexOf("verdict");
        if (verdictAt < 0) return null;

        int added = columns.Count - verdictAt;
        var verdicts = new Dictionary<string, long>(StringComparer.Ordinal);
        IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(part.Raw);
        (long keep, long rows, bool whole) = (part.Offset, 0, false);
        while (part.Read())
        {
            if (AnswerTrailer.Parse(FileFormat.Csv, part.Raw) is { } trailer)
            {
                whole = trailer.Stopped is null
                    && trailer.Rows == rows && trailer.Sha256 == Convert.ToHexStringLower(hash.GetCurrentHash());
                break;
            }

            if (!ReadLine(input)) return null;

            if (VerdictOf(part.Record, input.Record, verdictAt, added) is not { } verdict) return null;

            verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
            hash.AppendData(part.Raw);
            (keep, rows) = (part.Offset, rows + 1);
        }

        return rows == 0 ? null : new ScrubPart(
            header, answerHeader, keep, rows, CountsOf(verdicts, rows), hash, input.Offset,
            input.Lines - headerLines, whole);
    }

    /// <summary>The answer begins with the line as it was, and goes on with columns of its own.</summary>
    private static bool Answers(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> line) =>
        answer.Length > line.Length && answer.StartsWith(line) && answer[line.Length] == ',';

    private static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> line) =>
        line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line;

    /// <summary>Empty lines are passed over, as the ledger does.</summary>
    private static bool ReadLine(CsvRecordReader input)
    {
        while (input.Read())
        {
            if (!input.Record.IsEmpty) return true;
        }

        return false;
    }

    /// <returns>
    /// Verdict and reasons, as "deny,reassigned"; of a bad line only that. Null: it does not answer the line.
    /// </returns>
    private static string? VerdictOf(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> line, int verdictAt, int added)
    {
        if (!Answers(answer, line))
        {
            // Columns that could not be told apart come back empty.
            return CsvFields.Split(answer).ElementAtOrDefault(verdictAt) == BadLine ? BadLine : null;
        }

        answer = answer[(line.Length + 1)..];
        if (answer.StartsWith("bad_line,"u8)) return BadLine;

        int verdict = answer.IndexOf((byte)',');
        if (verdict < 0 || answer.Count((byte)',') != added - 1) return null;

        return Encoding.UTF8.GetString(answer[..(verdict + 1 + answer[(verdict + 1)..].IndexOf((byte)','))]);
    }

    private static SortedDictionary<string, long> CountsOf(Dictionary<string, long> verdicts, long rows)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal) { ["rows"] = rows };
        foreach ((string told, long count) in verdicts)
        {
            string[] words = told.Split(',', '|');
            Add(words[0] == BadLine ? "bad" : words[0], count);
            if (words.Length > 1 && words[1].Length > 0) Add("reason." + words[1], count);
        }

        return counts;

        void Add(string name, long count) => counts[name] = counts.GetValueOrDefault(name) + count;
    }

    /// <summary>The trailer of both together.</summary>
    public AnswerTrailer TrailerWith(AnswerTrailer rest)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in AlwaysCounted
            .Concat(Counts.Keys).Concat(rest.Values.Keys).Distinct())
        {
            values[name] = name is "stopped" or "detail"
                ? rest.Values[name]
                : (Counts.GetValueOrDefault(name) + rest.Count(name)).ToString(CultureInfo.InvariantCulture);
        }

        values["continued"] = Rows.ToString(CultureInfo.InvariantCulture);
        values["sha256"] = Convert.ToHexStringLower(Hash.GetCurrentHash());
        return new AnswerTrailer(values);
    }

    /// <summary>The file as it is sent again.</summary>
    /// <remarks>
    /// In the place of each line that is answered stands an empty one, which the ledger passes over: so the lines that
    /// are left keep their numbers, and what is said of a bad one is right.
    /// </remarks>
    public FileBody OpenRest(FileOrder order)
    {
        FileStream file = order.OpenFile();
        file.Seek(InputOffset, SeekOrigin.Begin);
        Stream[] parts = [new MemoryStream(Header), new EmptyLines(InputLines), file];
        return new FileBody(parts, file.CanSeek ? Header.Length + InputLines + file.Length - InputOffset : null);
    }

    /// <summary>So many line breaks.</summary>
    private sealed class EmptyLines(long count) : Stream
    {
        private long _left = count;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int some = (int)Math.Min(_left, buffer.Length);
            buffer[..some].Fill((byte)'\n');
            _left -= some;
            return some;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
