using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NumberLedger.Cli.Tests;

/// <summary>Who watches a file sees one line, in its place, and nothing of it where results go.</summary>
public partial class ProgressTests
{
    /// <summary>
    /// It is on its way at once, and its answer takes until the test has seen enough: 150 lines, and one that is held
    /// back, since it may be the trailer.
    /// </summary>
    private const int LinesOfSmallFile = 200;

    /// <summary>More than all buffers between the program and the ledger hold: some is always left to send.</summary>
    private const int LinesOfLargeFile = 300_000;

    [Theory]
    [InlineData("en", @"^scrub ━+─* +\d+% [\d,]+ lines, [\d,]+/s, [\d:]+( s)? left$")]
    [InlineData("zh-CN", @"^核查 ━+─* +\d+% [\d,]+ 行，每秒 [\d,]+ 行，还需 [\d:]+( 秒)?$")]
    public async Task Rows_rate_and_time_left_are_told_in_one_line_that_stays_in_its_place(string lang, string told)
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, LinesOfLargeFile, note: new string('n', 100));
        await using FakeLedger ledger = await ScrubbingAsync(new FakeScrub { IsSlow = true });
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);

        await terminal.BeginAsync($"numberledger scrub in.csv -o out.csv --lang {lang}");
        string[] first = await terminal.UntilAsync(lines => lines is [var line] && Regex.IsMatch(line, told));
        await terminal.UntilAsync(
            lines => lines is [var line] && line != first[0] && Regex.IsMatch(line, told));

        await terminal.AssertNothingIsBrokenAsync();
        Assert.Equal("0", await terminal.AskAsync("history_size"));
    }

    [Theory]
    [InlineData("en", 40, @"^scrub ━{4,} 100% 150 lines, [\d,]+/s$")]
    [InlineData("zh-CN", 40, @"^核查 (━{4,} )?100% 150 行，每秒 [\d,]+ 行$")]
    [InlineData("en", 30, @"^scrub 100% 150 lines, [\d,]+/s$")]
    [InlineData("zh-CN", 30, @"^核查 100% 150 行(，每秒 [\d,]+ 行)?$")]
    [InlineData("en", 20, @"^100% 150 lines$")]
    public async Task In_a_narrow_terminal_it_is_a_shorter_line(string lang, int columns, string told)
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, LinesOfSmallFile);
        await using FakeLedger ledger = await ScrubbingAsync(new FakeScrub { HangAfter = 151 });
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder, columns);

        await terminal.BeginAsync($"numberledger scrub in.csv -o out.csv --lang {lang}");

        await terminal.UntilAsync(lines => lines is [var line] && Regex.IsMatch(line, told));
        await terminal.AssertNothingIsBrokenAsync();
    }

    [Theory]
    [InlineData("numberledger scrub in.csv > out.csv")]
    [InlineData("cat in.csv | numberledger scrub - -o out.csv")]
    [InlineData("cat in.csv | numberledger scrub - | cat > out.csv")]
    public async Task A_pipe_or_a_file_on_either_side_takes_nothing_of_it_and_does_not_stop_it(string command)
    {
        using var folder = new TemporaryFolder();
        string[] lines = await LinesAfterAsync(command, folder);

        Assert.StartsWith("Checked (", lines[0], StringComparison.Ordinal);
        string answer = File.ReadAllText(folder["out.csv"]);
        Assert.Equal(LinesOfSmallFile + 1, Campaign.AssertVerifies(answer).Length);
        Assert.DoesNotContain('\e', answer);
    }

    [Fact]
    public async Task With_json_it_is_gone_before_the_one_object_comes()
    {
        using var folder = new TemporaryFolder();
        string[] lines = await LinesAfterAsync(
            "numberledger scrub in.csv -o out.csv --json", folder, terminal => terminal.UnbrokenLinesAsync());

        Assert.Equal(2, lines.Length);
        Assert.Equal(LinesOfSmallFile, JsonNode.Parse(lines[0])!["rows"]!.GetValue<int>());
    }

    [Fact]
    public async Task With_json_in_a_file_nothing_else_is_there()
    {
        using var folder = new TemporaryFolder();
        string[] lines = await LinesAfterAsync("numberledger scrub in.csv -o out.csv --json > told.json", folder);

        Assert.Single(lines);
        string told = Assert.Single(File.ReadAllLines(folder["told.json"]));
        Assert.Equal(LinesOfSmallFile, JsonNode.Parse(told)!["rows"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_terminal_that_changes_its_width_meanwhile_shows_no_remains()
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, LinesOfSmallFile);
        var scrub = new FakeScrub { HangAfter = 151 };
        await using FakeLedger ledger = await ScrubbingAsync(scrub);
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);

        // A screen that is full, as it is where somebody works.
        await terminal.BeginAsync("seq 100 140; numberledger scrub in.csv -o out.csv");
        await terminal.UntilAsync(lines => lines is [.., "140", var line] && DrawnLine().IsMatch(line));
        foreach ((int columns, bool hasBar) in new[] { (30, false), (100, true), (25, false), (80, true) })
        {
            await terminal.ResizeAsync(columns, 24);
            await terminal.UntilAsync(lines => lines is [.., "140", var line]
                && line.Contains("150 lines", StringComparison.Ordinal) && line.Contains('━') == hasBar);
            await terminal.AssertNothingIsBrokenAsync();
        }

        scrub.GoOn.SetResult();
        Assert.Equal(ExitCodes.Ok, await terminal.UntilPromptAsync());
        string[] all = await terminal.AllLinesAsync();
        int from = Array.IndexOf(all, "100");
        Assert.Equal(Enumerable.Range(100, 41).Select(number => $"{number}"), all[from..(from + 41)]);
        Assert.StartsWith("Checked (", all[from + 41], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_said_meanwhile_stands_above_it()
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, LinesOfSmallFile);
        await using FakeLedger ledger = await ScrubbingAsync(new FakeScrub { HangAfter = 51 });
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);
        await terminal.BeginAsync("numberledger scrub in.csv -o out.csv");
        await terminal.UntilAsync(lines => lines is [var line] && DrawnLine().IsMatch(line));
        await terminal.PressAsync("C-c");
        await terminal.UntilPromptAsync();

        ledger.On("POST /v1/scrubs", new FakeScrub { HangAfter = 21 }.AnswerAsync);
        await terminal.BeginAsync("numberledger scrub in.csv -o out.csv --continue");

        await terminal.UntilAsync(lines =>
            lines is ["numberledger: 50 lines are answered already.", var line] && DrawnLine().IsMatch(line));
    }

    [Theory]
    [InlineData("en", @"^upload ━+─* +\d+% [\d.]+ MB, [\d.]+ MB/s, [\d:]+( s)? left$", "scrub")]
    [InlineData("zh-CN", @"^上传 ━+─* +\d+% [\d.]+ MB，每秒 [\d.]+ MB，还需 [\d:]+( 秒)?$", "核查")]
    public async Task A_file_on_its_way_to_become_a_job_is_measured_in_bytes(string lang, string told, string then)
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, LinesOfLargeFile, note: new string('n', 100));
        var arrived = new TaskCompletionSource();
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        string job = """{"id":"job_1","kind":"scrub","status":"running","bytes":1000000,"bytesRead":500000,"rows":7}""";
        ledger.On("GET /v1/scrubs/job_1", 200, job).On("POST /v1/scrubs", async http =>
        {
            byte[] buffer = new byte[16 * 1024];
            while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) > 0)
            {
                await Task.WhenAny(arrived.Task, Task.Delay(20, http.RequestAborted));
            }

            http.Response.StatusCode = 202;
            await http.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(job), http.RequestAborted);
        });
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);

        await terminal.BeginAsync($"numberledger scrub in.csv --job -o out.csv --lang {lang}");
        await terminal.UntilAsync(lines => lines is [var line] && Regex.IsMatch(line, told));
        arrived.SetResult();

        await terminal.UntilAsync(lines => lines is [_, var line] && Regex.IsMatch(line, $"^{then} ━+─+ +50% 7 (lines|行)"));
        await terminal.AssertNothingIsBrokenAsync();
    }

    /// <summary>All of a small file is sent at once, so no time is left.</summary>
    [GeneratedRegex(@"^scrub (━+ 100% )?\d+ lines, [\d,]+/s$")]
    private static partial Regex DrawnLine();

    /// <summary>Has a scrub seen at its work, and then go on to its end.</summary>
    /// <returns>What is on the screen then.</returns>
    private static async Task<string[]> LinesAfterAsync(
        string command, TemporaryFolder folder, Func<TerminalSession, Task<string[]>>? read = null)
    {
        Campaign.Write(folder, LinesOfSmallFile);
        var scrub = new FakeScrub { HangAfter = 151 };
        await using FakeLedger ledger = await ScrubbingAsync(scrub);
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);

        await terminal.BeginAsync(command);
        await terminal.UntilAsync(lines => lines is [var line] && DrawnLine().IsMatch(line));
        scrub.GoOn.SetResult();

        Assert.Equal(ExitCodes.Ok, await terminal.UntilPromptAsync());
        return await (read?.Invoke(terminal) ?? terminal.LinesAsync());
    }

    private static async Task<FakeLedger> ScrubbingAsync(FakeScrub scrub) =>
        (await FakeLedger.StartAsync()).On("POST /v1/scrubs", scrub.AnswerAsync);
}
