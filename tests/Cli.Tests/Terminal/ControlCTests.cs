namespace NumberLedger.Cli.Tests;

/// <summary>Ctrl-C, pressed in a terminal: it stays usable, and what it shows says how to go on.</summary>
public class ControlCTests
{
    [Theory]
    [InlineData("en", "Interrupted. To go on from where out.csv.part ends, run it again with --continue.")]
    [InlineData("zh-CN", "已中断。要从 out.csv.part 中断处继续，请加上 --continue 再运行一次。")]
    public async Task An_interrupted_scrub_says_how_to_go_on_and_going_on_gives_what_a_whole_run_gives(
        string lang, string said)
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        ledger.On("POST /v1/scrubs", new FakeScrub { HangAfter = 101 }.AnswerAsync);
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);
        string scrub = $"numberledger scrub in.csv -o out.csv --lang {lang}";

        await terminal.RunAsync("stty -g > before");
        await terminal.BeginAsync(scrub);
        await terminal.UntilAsync(lines => lines is [var line] && line.Contains(" 100 ", StringComparison.Ordinal));
        await terminal.PressAsync("C-c");

        Assert.Equal(ExitCodes.Interrupted, await terminal.UntilPromptAsync());
        Assert.Equal(["numberledger: " + said, "[3:130]$"], await terminal.UnbrokenLinesAsync());
        Assert.Equal("1", await terminal.AskAsync("cursor_flag"));
        await terminal.RunAsync("stty -g > after");
        Assert.Equal(File.ReadAllText(folder["before"]), File.ReadAllText(folder["after"]));

        ledger.On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        Assert.Equal(ExitCodes.Ok, await terminal.RunAsync(scrub + " --continue"));
        ledger.On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        Assert.Equal(ExitCodes.Ok, await terminal.RunAsync("numberledger scrub in.csv -o whole.csv"));
        Assert.Equal(
            Campaign.AssertVerifies(File.ReadAllText(folder["whole.csv"])),
            Campaign.AssertVerifies(File.ReadAllText(folder["out.csv"])));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.part*"));
    }

    [Fact]
    public async Task An_interrupted_watcher_of_a_job_says_what_fetches_its_answer()
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, 20);
        const string Job = """{"id":"job_1","kind":"scrub","status":"running","bytes":100,"bytesRead":50,"rows":10}""";
        await using FakeLedger ledger = (await FakeLedger.StartAsync())
            .On("POST /v1/scrubs", 202, Job).On("GET /v1/scrubs/job_1", 200, Job);
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);

        await terminal.BeginAsync("numberledger scrub in.csv --job -o out.csv");
        await terminal.UntilAsync(lines => lines is [_, var line] && line.Contains("50%", StringComparison.Ordinal));
        await terminal.PressAsync("C-c");

        Assert.Equal(ExitCodes.Interrupted, await terminal.UntilPromptAsync());
        string[] lines = await terminal.UnbrokenLinesAsync();
        Assert.Equal(
            [
                "numberledger: The server keeps the file as job_1.",
                "numberledger: Interrupted. The job goes on in the server. "
                + "Its answer: numberledger scrub --resume job_1",
                "[2:130]$",
            ],
            lines);
        Assert.Equal("1", await terminal.AskAsync("cursor_flag"));
    }
}
