using System.Security.Cryptography;
using System.Text;

namespace NumberLedger.Cli.Tests;

/// <summary>Files that write: only what was refused comes back.</summary>
public class ImportTests
{
    [Fact]
    public async Task Refused_lines_go_to_their_file_and_the_program_ends_with_3()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await TakingAsync(
            "POST /v1/carrier-files", Answer("3,number-not-held,Ask.,\"x\ny\"\n", 1));

        Ended ended = await ledger.RunAsync(
            "import", "carrier", Campaign.Write(folder, 3), "-o", folder["rejects.csv"], "--complete-through", "2026-08-31");

        Assert.Equal((ExitCodes.Findings, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith(
            "line,code,remedy,row\n3,number-not-held", File.ReadAllText(folder["rejects.csv"]),
            StringComparison.Ordinal);
        Assert.Contains("number-not-held", ended.Error, StringComparison.Ordinal);
        Assert.Equal("/v1/carrier-files?completeThrough=2026-08-31", Assert.Single(ledger.Arrived).Target);
    }

    [Theory]
    [InlineData("en", "no feed was taken to be complete")]
    [InlineData("zh-CN", "未认定上报完整")]
    public async Task A_feed_that_is_not_complete_for_its_refused_lines_has_them_in_place(string lang, string said)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await TakingAsync("POST /v1/carrier-files", IncompleteFeed);

        Ended ended = await ledger.RunAsync(
            "import", "carrier", Campaign.Write(folder, 3), "-o", folder["rejects.csv"],
            "--complete-through", "2026-08-31", "--lang", lang);

        Assert.Equal(ExitCodes.Findings, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("read to its end", ended.Error, StringComparison.Ordinal);
        Assert.Contains("3,number-not-held", File.ReadAllText(folder["rejects.csv"]), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["rejects.csv.part"]));
    }

    [Fact]
    public async Task With_json_a_feed_that_is_not_complete_is_one_object()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await TakingAsync("POST /v1/carrier-files", IncompleteFeed);

        Ended ended = await ledger.RunAsync(
            "import", "carrier", Campaign.Write(folder, 3), "-o", folder["rejects.csv"],
            "--complete-through", "2026-08-31", "--json");

        Assert.Equal((ExitCodes.Findings, ""), (ended.ExitCode, ended.Error));
        Assert.Contains("\"stopped\":\"feed-incomplete\"", ended.Output, StringComparison.Ordinal);
        Assert.Contains("rejects.csv\"", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_that_nothing_was_recorded()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await TakingAsync("POST /v1/bindings/files", Answer("", 0, ",dryRun=true"));

        Ended ended = await ledger.RunAsync(
            "import", "bindings", Campaign.Write(folder, 3), "-o", folder["rejects.csv"], "--dry-run", "--lang", "zh-CN");

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        Assert.Contains("未记录任何内容", ended.Error, StringComparison.Ordinal);
        Assert.Equal("/v1/bindings/files?dryRun=true", Assert.Single(ledger.Arrived).Target);
    }

    [Fact]
    public async Task An_answer_with_refused_lines_missing_does_not_verify()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await TakingAsync(
            "POST /v1/carrier-files", Answer("3,number-not-held,Ask.,x\n", 2));

        Ended ended = await ledger.RunAsync("import", "carrier", Campaign.Write(folder, 3), "-o", folder["rejects.csv"]);

        Assert.Equal(ExitCodes.NotVerified, ended.ExitCode);
        Assert.Contains("Send the same file again", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["rejects.csv"]));
    }

    [Fact]
    public async Task NDJSON_is_known_by_its_name_and_has_its_own_trailer()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["events.ndjson"], "{}\n");
        const string Body = """{"line":1,"code":"member-required","remedy":"Send it.","row":{}}""" + "\n";
        string trailer =
            $$$"""{"end":{"rows":1,"recorded":0,"duplicate":0,"refused":1,"codes":{"member-required":1},"sha256":"{{{Digest(Body)}}}"}}""";
        await using FakeLedger ledger = await TakingAsync("POST /v1/carrier-files", $"{Body}{trailer}\n");

        Ended ended = await ledger.RunAsync("import", "carrier", folder["events.ndjson"]);

        Assert.Equal(ExitCodes.Findings, ended.ExitCode);
        Assert.StartsWith(Body, ended.Output, StringComparison.Ordinal);
        Assert.Contains("member-required", ended.Error, StringComparison.Ordinal);
        Assert.Equal("application/x-ndjson", Assert.Single(ledger.Arrived).Headers.ContentType);
    }

    private static string IncompleteFeed => Answer(
        "3,number-not-held,Ask.,x\n", 1, ",stopped=feed-incomplete,detail=Mend the lines that were refused.");

    private static async Task<FakeLedger> TakingAsync(string route, string answer) =>
        (await FakeLedger.StartAsync()).On(route, 200, answer);

    private static string Answer(string refused, int count, string more = "")
    {
        string body = "line,code,remedy,row\n" + refused;
        string codes = count > 0 ? $",code.number-not-held={count}" : "";
        return $"{body}#end,rows=3,recorded={3 - count},duplicate=0,refused={count}{codes}{more},sha256={Digest(body)}\n";
    }

    private static string Digest(string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
