using System.Text.RegularExpressions;

namespace NumberLedger.Cli.Tests;

/// <summary>What stands on the screen at the end can be read there, whatever its width.</summary>
public partial class SummaryTests
{
    private const string Id = "job_6f1c0f7d2b9e4a5c8d3e1f2a3b4c5d6e";

    private static readonly string[] Reasons =
        ["reassigned", "disconnected", "third_party_contact", "purpose_not_consented", "no_binding"];

    [Theory]
    [InlineData("en", 80, "third_party_contact +1[78] +1.[78]% █+. +only named by a borrower")]
    [InlineData("zh-CN", 80, "third_party_contact +1[78] +1.[78]% █+. +只是借款人填的联系人")]
    [InlineData("en", 40, "third_party_contact +1[78] +1.[78]%")]
    [InlineData("zh-CN", 40, "third_party_contact +1[78] +1.[78]%")]
    public async Task A_scrub_ends_with_bars_of_verdicts_and_reasons_each_in_one_line(
        string lang, int columns, string told)
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await ScrubbingAsync();
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder, columns);

        int exitCode = await terminal.RunAsync($"numberledger scrub in.csv -o out.csv --lang {lang}");

        Assert.Equal(ExitCodes.Ok, exitCode);
        await terminal.AssertNothingIsBrokenAsync();
        string[] lines = await terminal.LinesAsync();
        string[] rows = ["allow", "deny", "bad_line", .. Reasons];
        Assert.All(rows, name => Assert.Single(
            lines, line => Regex.IsMatch(line, $@"^{name} +\d+ +[\d.]+% [█▏▎▍▌▋▊▉]+")));
        Assert.Equal(rows.Length, lines.Count(line => line.Contains('%', StringComparison.Ordinal)));
        Assert.Contains(lines, line => Regex.IsMatch(line, told));
    }

    [Fact]
    public async Task Colours_are_used_in_a_terminal()
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, 1_000);
        await using FakeLedger ledger = await ScrubbingAsync();
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);

        await terminal.RunAsync("numberledger scrub in.csv -o out.csv");

        Assert.Matches(Colour(), await terminal.ColouredAsync());
    }

    [Fact]
    public async Task Where_NO_COLOR_is_set_there_are_none()
    {
        using var folder = new TemporaryFolder();
        Campaign.Write(folder, 1_000);
        var scrub = new FakeScrub { HangAfter = 500 };
        await using FakeLedger ledger = await ScrubbingAsync(scrub);
        await using TerminalSession terminal = await TerminalSession.StartAsync(
            ledger, folder, more: ("NO_COLOR", "1"));

        await terminal.BeginAsync("numberledger scrub in.csv -o out.csv");
        await terminal.UntilAsync(lines => lines is [var line] && line.StartsWith("scrub ━", StringComparison.Ordinal));
        string meanwhile = await terminal.ColouredAsync();
        scrub.GoOn.SetResult();
        await terminal.UntilPromptAsync();

        Assert.DoesNotMatch(Colour(), meanwhile);
        Assert.DoesNotMatch(Colour(), await terminal.ColouredAsync());
        Assert.Contains("█", await terminal.ColouredAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(80)]
    [InlineData(40)]
    public async Task The_id_of_a_job_stands_in_one_line_and_so_does_each_of_its_words(int columns)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On(
            "GET /v1/carrier-files", 200,
            $$$"""{"jobs":[{"id":"{{{Id}}}","kind":"carrier_file","status":"cancelled","createdAt":"2026-08-01T09:30:00.000+00:00","bytes":200,"bytesRead":200,"rows":100000000}]}""");
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder, columns);

        await terminal.RunAsync("numberledger jobs list carrier");

        await terminal.AssertNothingIsBrokenAsync();
        string[] words = string.Join(' ', await terminal.LinesAsync()).Split(' ');
        Assert.Superset(
            new HashSet<string> { Id, "carrier", "cancelled", "2026-08-01T09:30:00Z", "100,000,000", "100%" },
            words.ToHashSet());
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task A_history_breaks_no_day_party_or_instant(string lang)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On(
            "POST /v1/numbers/history", 200,
            """{"entries":[{"position":7,"version":2,"kind":"reassigned","recordedAt":"2026-03-01T01:30:00.000+00:00","carrier":"prairie-wireless","eventId":"e1","effectiveOn":"2026-03-01"}]}""");
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder);

        await terminal.RunAsync($"numberledger history +8613800001234 --lang {lang}");

        await terminal.AssertNothingIsBrokenAsync();
        Assert.Matches("^2026-03-01 .+ prairie-wireless 2026-03-01T01:30:00Z$", (await terminal.LinesAsync())[1]);
    }

    [Theory]
    [InlineData("en", "", 80)]
    [InlineData("en", "scrub", 80)]
    [InlineData("zh-CN", "scrub", 80)]
    [InlineData("en", "", 40)]
    [InlineData("en", "import carrier", 40)]
    [InlineData("zh-CN", "import carrier", 40)]
    public async Task Help_is_broken_between_words_only(string lang, string verb, int columns)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        await using TerminalSession terminal = await TerminalSession.StartAsync(ledger, folder, columns, rows: 100);

        int exitCode = await terminal.RunAsync($"numberledger {verb} --help --lang {lang}");

        Assert.Equal(ExitCodes.Ok, exitCode);
        await terminal.AssertNothingIsBrokenAsync();
        Assert.Contains(await terminal.LinesAsync(), line => line.Contains("--lang", StringComparison.Ordinal));
    }

    /// <summary>Foreground or background, of 8, 16, 256 or all colours; not the return to the terminal's own.</summary>
    [GeneratedRegex(@"\e\[([\d;]*;)?([34][0-8]|9[0-7]|10[0-7])[;m]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Colour();

    private static Task<FakeLedger> ScrubbingAsync() => ScrubbingAsync(new FakeScrub { Reasons = Reasons });

    private static async Task<FakeLedger> ScrubbingAsync(FakeScrub scrub) =>
        (await FakeLedger.StartAsync()).On("POST /v1/scrubs", scrub.AnswerAsync);
}
