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

    [Theory]
    [InlineData("numberledger scrub - -o out.csv")]
    [InlineData("numberledger scrub silent -o out.csv")]
    public async Task Who_waits_for_what_nobody_sends_is_interrupted_as_well(string command)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        ledger.On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);
        await terminal.RunAsync("mkfifo silent");

        await terminal.BeginAsync(command);
        await terminal.UntilAsync(lines => lines is ["scrub 0 lines, 0/s"]);
        await terminal.PressAsync("C-c");

        Assert.Equal(ExitCodes.Interrupted, await terminal.UntilPromptAsync());
        Assert.Equal(["numberledger: Interrupted. Run it again.", "[3:130]$"], await terminal.UnbrokenLinesAsync());
    }

    [Fact]
    public async Task Before_the_first_answer_there_is_nothing_to_go_on_from()
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, 20);
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        ledger.On("POST /v1/scrubs", http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);

        await terminal.BeginAsync("numberledger scrub in.csv -o out.csv");
        await terminal.UntilAsync(
            lines => lines is [var line] && line.EndsWith(" 0 lines, 0/s", StringComparison.Ordinal));
        await terminal.PressAsync("C-c");

        Assert.Equal(ExitCodes.Interrupted, await terminal.UntilPromptAsync());
        Assert.Equal(["numberledger: Interrupted. Run it again.", "[2:130]$"], await terminal.UnbrokenLinesAsync());
    }

    [Theory]
    [InlineData("check - --purpose marketing", "en", "Number:", "Interrupted.")]
    [InlineData("history -", "zh-CN", "号码：", "已中断。")]
    public async Task Who_is_asked_for_a_number_may_leave(string command, string lang, string asked, string said)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);
        await terminal.RunAsync("stty -g > before");

        await terminal.BeginAsync($"numberledger {command} --lang {lang}");
        await terminal.UntilAsync(lines => lines is [var line] && line == asked);
        await terminal.PressAsync("C-c");

        Assert.Equal(ExitCodes.Interrupted, await terminal.UntilPromptAsync());
        Assert.Equal(["numberledger: " + said, "[3:130]$"], (await terminal.LinesAsync())[1..]);
        await terminal.RunAsync("stty -g > after");
        Assert.Equal(File.ReadAllText(folder["before"]), File.ReadAllText(folder["after"]));
        Assert.Empty(ledger.Arrived);
    }
}
