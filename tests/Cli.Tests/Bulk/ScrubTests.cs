using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace NumberLedger.Cli.Tests;

/// <summary>
/// Files go and answers come at the same time; an answer that is not whole is never taken for one that is.
/// </summary>
public class ScrubTests
{
    [Fact]
    public async Task Every_line_comes_back_with_its_verdict()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await Scrubbing(new FakeScrub());

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 20), "-o", folder["out.csv"]);

        Assert.Equal((ExitCodes.Ok, ""), (ended.ExitCode, ended.Output));
        string[] answer = Campaign.AssertVerifies(File.ReadAllText(folder["out.csv"]));
        Assert.Equal(Campaign.Header + "," + FakeScrub.Columns, answer[0]);
        Assert.Equal(Campaign.Lines(20)[1] + ",deny,reassigned,,861380000:3", answer[2]);
        Assert.False(File.Exists(folder["out.csv.part"]));
        Assert.Contains("bad_line", ended.Error, StringComparison.Ordinal);
        Assert.Contains("somebody else has it now", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_larger_than_all_buffers_is_answered_while_it_is_sent()
    {
        using var folder = new TemporaryFolder();
        const int Lines = 300_000;
        await using FakeLedger ledger = await Scrubbing(new FakeScrub());

        Ended ended = await ledger.RunAsync(
            "scrub", Campaign.Write(folder, Lines, note: new string('n', 100)), "-o", folder["out.csv"]);

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        Assert.True(new FileInfo(folder["in.csv"]).Length > 30_000_000);
        Assert.Equal(Lines + 1, Campaign.AssertVerifies(File.ReadAllText(folder["out.csv"])).Length);
    }

    [Fact]
    public async Task Standard_input_and_output_will_do()
    {
        await using FakeLedger ledger = await Scrubbing(new FakeScrub());
        await using CliProcess program = CliProcess.Start(ledger.Environment, "scrub", "-");

        await program.Input.WriteAsync("number\n+8613800000000\n"u8.ToArray(), TestContext.Current.CancellationToken);
        program.Input.Close();
        Ended ended = await program.EndAsync();

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        string[] answer = Campaign.AssertVerifies(ended.Output);
        Assert.Equal("+8613800000000,allow,,,861380000:2", answer[1]);
    }

    [Fact]
    public async Task What_is_asked_for_is_in_the_address_and_the_key_in_a_header()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        ledger.On("POST /v1/scrubs", 400, FakeLedger.Problem(400, "region-unknown"));

        await ledger.RunAsync(
            "scrub", Campaign.Write(folder, 1), "--purpose", "collection", "--region", "XX", "--rule", "aliyun",
            "--on-behalf-of", "acme", "--to", "ndjson");

        Arrived arrived = Assert.Single(ledger.Arrived);
        Assert.Equal("/v1/scrubs?purpose=collection&rule=aliyun&onBehalfOf=acme&region=XX", arrived.Target);
        Assert.Equal("Bearer " + FakeLedger.Key.Text, arrived.Headers.Authorization);
        Assert.Equal("text/csv", arrived.Headers.ContentType);
        Assert.Equal("application/x-ndjson", arrived.Headers.Accept);
    }

    [Fact]
    public async Task An_answer_without_its_last_line_never_looks_whole()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await Scrubbing(new FakeScrub { NoTrailer = true });

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 20), "-o", folder["out.csv"]);

        Assert.Equal(ExitCodes.NotVerified, ended.ExitCode);
        Assert.False(File.Exists(folder["out.csv"]));
        Assert.True(File.Exists(folder["out.csv.part"]));
        Assert.Contains("cut off", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "5\r\nnumbe\r\n")]
    [InlineData("Content-Length: 500", "number,verdict\n")]
    [InlineData("Connection: close", "number,verdict\n")]
    public async Task An_answer_whose_connection_breaks_never_looks_whole(string header, string body)
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<Ended> run = CliProcess.RunAsync(
            new Dictionary<string, string?>
            {
                ["NUMBERLEDGER_SERVER"] = $"http://{listener.LocalEndpoint}",
                ["NUMBERLEDGER_KEY"] = FakeLedger.Key.Text,
            },
            "scrub", Campaign.Write(folder, 20), "-o", folder["out.csv"]);
        using (TcpClient client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{header}\r\n\r\n{body}"),
                TestContext.Current.CancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        }

        Ended ended = await run;

        Assert.Equal(ExitCodes.NotVerified, ended.ExitCode);
        Assert.False(File.Exists(folder["out.csv"]));
    }

    [Fact]
    public async Task An_answer_that_was_changed_does_not_verify()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await Scrubbing(new FakeScrub { Tamper = true });

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 20), "-o", folder["out.csv"]);

        Assert.Equal(ExitCodes.NotVerified, ended.ExitCode);
        Assert.False(File.Exists(folder["out.csv"]));
        Assert.Contains("digest", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_with_lines_too_few_does_not_verify()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await Scrubbing(new FakeScrub { CountTooMany = 1 });

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 20), "-o", folder["out.csv"]);

        Assert.Equal(ExitCodes.NotVerified, ended.ExitCode);
        Assert.Contains("not as many", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_the_ledger_stopped_at_stays_a_part()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await Scrubbing(new FakeScrub { StopAfter = 5 });

        Ended ended = await ledger.RunAsync(
            "scrub", Campaign.Write(folder, 20), "-o", folder["out.csv"], "--lang", "zh-CN");

        Assert.Equal(ExitCodes.Unavailable, ended.ExitCode);
        Assert.False(File.Exists(folder["out.csv"]));
        Assert.Contains("文件没有处理完：No store, no answer. [ledger-unavailable]", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_refused_leaves_nothing_behind_and_is_not_sent_again()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        ledger.On("POST /v1/scrubs", 503, FakeLedger.Problem(503, "ledger-unavailable"));

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 1), "-o", folder["out.csv"], "--json");

        Assert.Equal(ExitCodes.Unavailable, ended.ExitCode);
        Assert.Equal("ledger-unavailable", JsonNode.Parse(ended.Error)!["code"]!.GetValue<string>());
        Assert.Equal([folder["in.csv"]], Directory.GetFiles(folder.Path));
        Assert.Single(ledger.Arrived);
    }

    [Fact]
    public async Task A_refusal_is_told_though_the_file_is_still_being_sent()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        ledger.On("POST /v1/scrubs", async http =>
        {
            http.Response.StatusCode = 401;
            await http.Response.BodyWriter.WriteAsync(
                Encoding.UTF8.GetBytes(FakeLedger.Problem(401, "credential-invalid")));
        });

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 100_000, note: new string('n', 200)));

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Contains("[credential-invalid]", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_summary_is_one_JSON_object()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await Scrubbing(new FakeScrub());

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 20), "-o", folder["out.csv"], "--json");

        JsonNode summary = JsonNode.Parse(ended.Output)!;
        Assert.Equal(20, summary["rows"]!.GetValue<int>());
        Assert.Equal(2, summary["bad"]!.GetValue<int>());
        Assert.Equal(summary["deny"]!.GetValue<int>(), summary["reasons"]!["reassigned"]!.GetValue<int>());
        Assert.True(summary["verified"]!.GetValue<bool>());
        Assert.Equal("", ended.Error);
    }

    [Theory]
    [InlineData("scrub")]
    [InlineData("scrub", "in.csv", "-o", "./in.csv")]
    [InlineData("scrub", "in.csv", "--resume", "job_1")]
    [InlineData("scrub", "in.csv", "--continue")]
    [InlineData("scrub", "-", "-o", "out.csv", "--continue")]
    [InlineData("scrub", "in.csv", "-o", "out.ndjson", "--continue")]
    public async Task What_makes_no_sense_is_told_before_anything_is_sent(params string[] args)
    {
        await using FakeLedger ledger = await FakeLedger.StartAsync();

        Assert.Equal(ExitCodes.Usage, (await ledger.RunAsync(args)).ExitCode);
        Assert.Empty(ledger.Arrived);
    }

    [Theory]
    [InlineData("en", "nowhere.csv", ExitCodes.Failed, "There is no file ")]
    [InlineData("zh-CN", "nowhere.csv", ExitCodes.Failed, "找不到文件 ")]
    [InlineData("en", "nowhere/in.csv", ExitCodes.Failed, "There is no such folder: ")]
    [InlineData("zh-CN", "nowhere/in.csv", ExitCodes.Failed, "文件夹不存在：")]
    [InlineData("en", ".", ExitCodes.Usage, ". is a folder")]
    [InlineData("zh-CN", ".", ExitCodes.Usage, ". 是文件夹")]
    public async Task A_file_that_cannot_be_read_is_told_in_words_of_ours(
        string lang, string file, int exitCode, string said)
    {
        await using FakeLedger ledger = await FakeLedger.StartAsync();

        Ended ended = await ledger.RunAsync("scrub", file, "--lang", lang);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.Contains(file, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Could not find", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "is compressed by gzip")]
    [InlineData("zh-CN", "gzip 压缩文件")]
    public async Task A_packed_file_is_told_as_one_and_not_sent(string lang, string said)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["in.csv"], [0x1F, 0x8B, 8, 0]);
        await using FakeLedger ledger = (await FakeLedger.StartAsync())
            .On("POST /v1/scrubs", 500, FakeLedger.Problem(500, "internal"));

        Ended ended = await ledger.RunAsync("scrub", folder["in.csv"], "--lang", lang);

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.Contains("gzip -dc", ended.Error, StringComparison.Ordinal);
        Assert.Empty(ledger.Arrived);
    }

    [Theory]
    [InlineData("en", "scope-missing", "numberledger doctor", "WWW-Authenticate")]
    [InlineData("en", "number-no-plus", "--region CN", "?region")]
    [InlineData("en", "key-unknown", "numberledger keys list", "GET /v1")]
    [InlineData("en", "jobs-too-many", "numberledger jobs list", "GET /v1")]
    [InlineData("zh-CN", "column-required", "缺少必需的列。请", "。 ")]
    [InlineData("zh-CN", "column-required", "The server's words", "。 ")]
    [InlineData("zh-CN", "column-unknown", "不认识的列。请", "。 ")]
    [InlineData("zh-CN", "column-duplicated", "同名。请", "The server's words")]
    [InlineData("zh-CN", "jobs-too-many", "jobs delete", "The server's words")]
    [InlineData("zh-CN", "job-bytes-too-many", "占用空间", "The server's words")]
    [InlineData("zh-CN", "value-unknown", "不在可选值之中", "。 ")]
    [InlineData("zh-CN", "member-required", "缺少必需的内容", "The server's words")]
    [InlineData("zh-CN", "feeds-too-many", "号段已达上限", "The server's words")]
    public async Task What_to_do_is_told_in_the_words_of_this_program(
        string lang, string code, string said, string unsaid)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        ledger.On("POST /v1/scrubs", 400, FakeLedger.Problem(
            400, code, detail: "The server's words: WWW-Authenticate, ?region=CN, GET /v1/parties."));

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 1), "--lang", lang);

        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(unsaid, ended.Error, StringComparison.Ordinal);
        Assert.Contains($"[{code}]", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, ": 1 line,")]
    [InlineData(2, ": 2 lines,")]
    public async Task One_line_is_a_line(int count, string said)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await Scrubbing(new FakeScrub());

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, count), "-o", folder["out.csv"]);

        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
    }

    private static async Task<FakeLedger> Scrubbing(FakeScrub scrub) =>
        (await FakeLedger.StartAsync()).On("POST /v1/scrubs", scrub.AnswerAsync);
}
