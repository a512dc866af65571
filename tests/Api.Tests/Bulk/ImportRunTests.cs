using System.Text;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Grains;

namespace NumberLedger.Api.Tests.Bulk;

/// <summary>A file that does not run from its beginning to its end.</summary>
public sealed class ImportRunTests(ApiHost host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FileFormat.Csv)]
    [InlineData(FileFormat.Ndjson)]
    public async Task Begun_again_at_a_checkpoint_it_answers_what_it_would_have_answered_at_once(FileFormat format)
    {
        (FileOrder order, string file) = await NewFileAsync(format, lines: 30_000);
        (string whole, _) = await RunAsync(order with { DryRun = true }, file, FileCheckpoint.Start, "");

        var crash = new InvalidOperationException("It crashes, as the test asked.");
        var checkpoints = new List<FileCheckpoint>();
        var written = new MemoryStream();
        using (var progress = new FileProgress
        {
            Reached = checkpoint =>
            {
                checkpoints.Add(checkpoint);
                return checkpoints.Count < 2 ? default : throw crash;
            },
        })
        {
            Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => Work.RunAsync(
                order with { DryRun = true }, StreamOf(file), written, progress, Ct));
            Assert.Same(crash, thrown);
        }

        FileCheckpoint last = checkpoints[0];
        string answered = Encoding.UTF8.GetString(written.ToArray().AsSpan(0, (int)last.BytesWritten));
        (string rest, FileCheckpoint end) = await RunAsync(order with { DryRun = true }, file, last, answered);

        Assert.True(last.BytesRead > 0 && last.Counts["rows"] is > 0 and < 30_000);
        Assert.Equal(whole, answered + rest);
        Assert.True(end.Ended);
        Assert.Equal(30_000, end.Counts["rows"]);
    }

    [Fact]
    public async Task Past_its_rows_a_file_is_stopped_and_says_so()
    {
        (FileOrder order, string file) = await NewFileAsync(FileFormat.Csv, lines: 5_000);
        var context = new ImportContext(
            Service<IBulkWriter>(), Service<IGrainFactory>(), Service<IRegistryReader>(), TimeProvider.System,
            Service<ILogger<ImportContext>>())
        {
            RowsMax = 1_234,
        };

        (string answer, FileCheckpoint end) = await RunAsync(
            order, file, FileCheckpoint.Start, "", new CarrierFiles(context));

        Assert.Contains("#end,rows=1234,", answer);
        Assert.Contains(",stopped=rows-max,\"detail=At most", answer);
        Assert.Equal("rows-max", end.Stopped);

        // Said only once all of a file was taken.
        Assert.Null(await FeedOfAsync(order));
    }

    [Fact]
    public async Task A_key_that_is_revoked_meanwhile_stops_the_file()
    {
        (FileOrder order, string file) = await NewFileAsync(FileFormat.Csv, lines: 5_000);

        (string answer, _) = await RunAsync(order with { KeyId = "none" }, file, FileCheckpoint.Start, "");

        Assert.StartsWith("line,code,remedy,row\n#end,rows=0,recorded=0,duplicate=0,refused=0,sha256=", answer);
        Assert.EndsWith(",stopped=credential-revoked,\"detail=The access key was revoked meanwhile.\"\n", answer);
    }

    [Fact]
    public void The_short_way_reads_what_the_long_way_reads() => Gen.Select(
        OneOf("disconnected", "reassigned", "ported_in", "sim_changed", "retracted", "feed_alive", "gone"),
        OneOf("+8613800001234", "+12065550100", "+86138", "13800001234", ""),
        OneOf("2026-03-01", "2026-02-30", "1949-12-31", "2026-3-1", null),
        OneOf("e1", "", "é", "a\\\"b", "with space", null),
        OneOf("", ",\"otherCarrier\":\"x\"", ",\"more\":1", ",\"kind\":\"suspended\"", "} {"))
        .Sample((kind, number, on, id, more) =>
        {
            string json = $"{{\"kind\":\"{kind}\",\"number\":\"{number}\""
                + (on is null ? "" : $",\"effectiveOn\":\"{on}\"") + (id is null ? "" : $",\"eventId\":\"{id}\"")
                + more + "}";

            Assert.Equal(LongWay(json), Read(new NdjsonImportReader(Rows, NumberReader.E164), json));
        }, iter: 2_000);

    [Fact]
    public void A_row_reads_as_the_object_that_it_stands_for() => Gen.Select(
        OneOf("disconnected", "ported_out", "retracted", "gone", ""),
        OneOf("+8613800001234", "\"+12065550100\"", "+86138", ""),
        OneOf("2026-03-01", "2026-02-30", "\"2026-03-01\"", ""),
        OneOf("e1", "é", "with space", ""),
        OneOf("", "x", "\"\""))
        .Sample((kind, number, on, id, other) =>
        {
            string[] names = ["number", "kind", "otherCarrier", "effectiveOn", "eventId"];
            string[] fields = [number!, kind!, other!, on!, id!];
            var members = names.Zip(fields, (name, field) => (Name: name, Text: field.Trim('"')))
                .Where(member => member.Text.Length > 0);
            string json = $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":\"{member.Text}\""))}}}";
            int[] places = [.. names.Select(name => Rows.Columns.ToList().IndexOf(name))];

            Assert.Equal(
                LongWay(json),
                Read(new CsvHeaderImportReader(Rows, places, NumberReader.E164), string.Join(',', fields)));
        }, iter: 1_000);

    [Fact]
    public void The_short_way_takes_what_carriers_send()
    {
        var fields = new Range[Rows.Columns.Count];
        int at = 0;
        foreach ((string name, string text) in (ReadOnlySpan<(string, string)>)
            [("eventId", "e1"), ("kind", "disconnected"), ("number", "+8613800001234"), ("effectiveOn", "2026-03-01")])
        {
            fields[Rows.Columns.ToList().IndexOf(name)] = at..(at += text.Length);
        }

        Assert.True(Rows.TryReadPlain("e1disconnected+86138000012342026-03-01"u8, fields, out RowContent content));

        Assert.Equal(
            new LedgerEvent.CarrierReport(
                CarrierEventKind.Disconnected, "carrier-1", "e1", new DateOnly(2026, 3, 1), null, null),
            content.Said);
    }

    private static readonly CarrierRows Rows = new("carrier-1");

    private static RowContent LongWay(string json) =>
        NdjsonImportReader.Read(Rows, NumberReader.E164, Encoding.UTF8.GetBytes(json));

    /// <summary>As a file's only line, and as it is read again when it is recorded.</summary>
    private static RowContent Read(ImportReader reader, string line)
    {
        var chunk = new FileChunk { FirstLine = 1 };
        chunk.Append(Encoding.UTF8.GetBytes(line + "\n"));
        var lines = new List<ImportLine>();
        reader.Read(chunk, lines);
        ImportLine only = Assert.Single(lines);
        RowContent content = reader.ReadAgain(chunk, only);

        Assert.Equal((content.Number, content.Refusal), (only.Number, only.Refusal));
        return content;
    }

    private static Gen<string?> OneOf(params string?[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private IFileWork Work => host.Services.GetServices<IFileWork>().Single(work => work.Kind is FileKind.CarrierFile);

    private T Service<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    private async Task<Feed?> FeedOfAsync(FileOrder order)
    {
        RegistryState state = await Service<IRegistryReader>().ReadAsync(Ct);
        return state.FeedOf(order.Party, state.Ranges.First(range => range.Carrier == order.Party).From);
    }

    private async Task<(string Answer, FileCheckpoint End)> RunAsync(
        FileOrder order, string file, FileCheckpoint from, string answered, IFileWork? work = null)
    {
        using var progress = new FileProgress { Checkpoint = from };
        progress.Digest.AppendData(Encoding.UTF8.GetBytes(answered));
        Stream input = StreamOf(file);
        input.Position = from.BytesRead;
        var output = new MemoryStream();
        await (work ?? Work).RunAsync(order, input, output, progress, Ct);
        return (Encoding.UTF8.GetString(output.ToArray()), progress.Checkpoint);
    }

    /// <summary>Every tenth line is refused.</summary>
    private async Task<(FileOrder Order, string File)> NewFileAsync(FileFormat format, int lines)
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        var file = new StringBuilder(format is FileFormat.Csv ? "number,kind,effectiveOn,eventId\n" : "");
        for (int i = 0; i < lines; i++)
        {
            string number = i % 10 == 0 ? "+86138" : block[i / 10];
            file.Append(format is FileFormat.Csv
                ? $"{number},suspended,2026-03-01,e{i}\n"
                : $"{{\"number\":\"{number}\",\"kind\":\"suspended\",\"effectiveOn\":\"2026-03-01\",\"eventId\":\"e{i}\"}}\n");
        }

        RegistryState state = await Service<IRegistryReader>().ReadAsync(Ct);
        string key = state.Keys.Values.First(key => key.Party == carrier.Id).Id;
        return (
            new FileOrder(
                FileKind.CarrierFile, carrier.Id, key, format, format, null, Purposes.Marketing, null, false,
                new DateOnly(2026, 3, 1)),
            file.ToString());
    }

    private static MemoryStream StreamOf(string file) => new(Encoding.UTF8.GetBytes(file));
}
