using Microsoft.AspNetCore.Http;

namespace NumberLedger.Cli.Tests;

/// <summary>A job goes on without us, and its answer is verified as one that streams.</summary>
public class JobTests
{
    private const string Id = "job_6f1c0f7d2b9e4a5c8d3e1f2a3b4c5d6e";

    [Fact]
    public async Task A_file_is_brought_watched_and_its_answer_fetched()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await WithJobAsync(new FakeScrub(), [Job("running"), Job("finished")]);

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 20), "--job", "-o", folder["out.csv"]);

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        Assert.Equal(21, Campaign.AssertVerifies(File.ReadAllText(folder["out.csv"])).Length);
        Assert.Contains(Id, ended.Error, StringComparison.Ordinal);
        Assert.Equal("/v1/scrubs?async=true", ledger.Arrived[0].Target);
    }

    [Fact]
    public async Task An_interrupted_watcher_says_how_to_fetch_the_answer_which_can_be_fetched()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await WithJobAsync(new FakeScrub(), [Job("running")], endless: true);
        await using (CliProcess program = CliProcess.Start(
            ledger.Environment, "scrub", Campaign.Write(folder, 20), "--job", "-o", folder["out.csv"]))
        {
            Assert.True(await program.HasSaidAsync(Id));
            program.Interrupt();
            Ended interrupted = await program.EndAsync();

            Assert.Equal(ExitCodes.Interrupted, interrupted.ExitCode);
            Assert.Contains($"numberledger scrub --resume {Id}", interrupted.Error, StringComparison.Ordinal);
        }

        ledger.On($"GET /v1/scrubs/{Id}", 200, Job("finished"));
        Ended ended = await ledger.RunAsync("scrub", "--resume", Id, "-o", folder["out.csv"]);

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        Assert.Equal(21, Campaign.AssertVerifies(File.ReadAllText(folder["out.csv"])).Length);
    }

    [Theory]
    [InlineData("-o", "out.ndjson")]
    [InlineData("--to", "ndjson")]
    public async Task The_answer_of_a_job_is_not_written_under_a_name_of_another_format(string option, string value)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await WithJobAsync(new FakeScrub(), [Job("finished")]);

        Ended ended = await ledger.RunAsync(
            "scrub", "--resume", Id, option, option == "-o" ? folder[value] : value);

        Assert.Equal((ExitCodes.Usage, ""), (ended.ExitCode, ended.Output));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Events_that_break_off_are_no_end()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await WithJobAsync(new FakeScrub(), [Job("running")]);
        int asked = 0;
        ledger.On($"GET /v1/scrubs/{Id}", http => http.Response.WriteAsJsonAsync(
            System.Text.Json.Nodes.JsonNode.Parse(Job(asked++ == 0 ? "running" : "finished"))));

        Ended ended = await ledger.RunAsync("scrub", Campaign.Write(folder, 20), "--job", "-o", folder["out.csv"]);

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task A_job_without_an_answer_is_a_failure(string status)
    {
        await using FakeLedger ledger = await WithJobAsync(new FakeScrub(), [Job("running"), Job(status)]);

        Ended ended = await ledger.RunAsync("scrub", "--resume", Id);

        Assert.Equal((ExitCodes.Failed, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(status, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_there_is_not_is_told()
    {
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        ledger.On("GET /v1/scrubs/job_1", 404, FakeLedger.Problem(404, "job-unknown"));

        Ended ended = await ledger.RunAsync("scrub", "--resume", "job_1", "--lang", "zh-CN");

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Contains("贵方没有这样的任务。", ended.Error, StringComparison.Ordinal);
    }

    private static string Job(string status) =>
        $$"""{"id":"{{Id}}","kind":"scrub","status":"{{status}}","bytes":100,"bytesRead":50,"rows":10,"counts":{},"rowsPerSecond":1,"secondsLeft":1}""";

    private static async Task<FakeLedger> WithJobAsync(FakeScrub scrub, string[] events, bool endless = false)
    {
        FakeLedger ledger = await FakeLedger.StartAsync();
        string file = Campaign.Header + "\n" + string.Join('\n', Campaign.Lines(20)) + "\n";
        return ledger
            .On("POST /v1/scrubs", 202, Job("queued"))
            .On($"GET /v1/scrubs/{Id}", 200, Job("running"))
            .On($"GET /v1/scrubs/{Id}/events", async http =>
            {
                http.Response.ContentType = "text/event-stream";
                foreach (string state in events)
                {
                    await http.Response.WriteAsync($"event: progress\ndata: {state}\n\n");
                }

                await http.Response.Body.FlushAsync();
                if (endless) await Task.Delay(Timeout.Infinite, http.RequestAborted);
            })
            .On($"GET /v1/scrubs/{Id}/results", async http =>
            {
                http.Request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(file));
                await scrub.AnswerAsync(http);
            });
    }
}
