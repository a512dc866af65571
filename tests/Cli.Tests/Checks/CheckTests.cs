using System.Text.Json.Nodes;

namespace NumberLedger.Cli.Tests;

public class CheckTests
{
    private const string Allow =
        """{"verdict":"allow","reasons":[],"advisories":["ported_recently"],"asOf":{"block":"861380000","position":42},"decidedAt":"2026-08-01T09:30:00.000+00:00","feed":{"carrier":"demo-carrier","completeThrough":"2026-07-31"}}""";

    private const string Deny =
        """{"verdict":"deny","reasons":["reassigned"],"advisories":[],"asOf":{"block":"861380000","position":42},"decidedAt":"2026-08-01T09:30:00.000+00:00"}""";

    private const string Unknown =
        """{"verdict":"unknown","reasons":["no_coverage"],"advisories":[],"asOf":{"block":"861380000","position":0},"decidedAt":"2026-08-01T09:30:00.000+00:00"}""";

    private static readonly string[] Check = ["check", "+8613800001234", "--purpose", "marketing"];

    [Theory]
    [InlineData(Allow, ExitCodes.Ok, "allow  send")]
    [InlineData(Deny, ExitCodes.Findings, "deny  do not send")]
    [InlineData(Unknown, ExitCodes.Findings, "unknown  the record does not say")]
    public async Task Only_an_allow_ends_with_0(string answer, int exitCode, string said)
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On("POST /v1/checks", 200, answer);

        Ended ended = await ledger.RunAsync(Check);

        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Error));
        Assert.StartsWith(said, ended.Output, StringComparison.Ordinal);
        Assert.Equal("""{"number":"+8613800001234","purpose":"marketing"}""", Sent(ledger));
    }

    [Fact]
    public async Task In_Chinese_words_are_Chinese_and_the_ledgers_terms_stay()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On("POST /v1/checks", 200, Deny);

        Ended ended = await ledger.RunAsync([.. Check, "--lang", "zh-CN"]);

        Assert.StartsWith("deny  不可发送", ended.Output, StringComparison.Ordinal);
        Assert.Contains("reassigned", ended.Output, StringComparison.Ordinal);
        Assert.Contains("号码已属于别人", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_the_answer_is_the_servers()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On("POST /v1/checks", 200, Allow);

        Ended ended = await ledger.RunAsync([.. Check, "--json", "--consented-on", "2026-03-01", "--region", "CN"]);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Allow), JsonNode.Parse(ended.Output)));
        Assert.Equal("/v1/checks?region=CN", Assert.Single(ledger.Arrived).Target);
        Assert.Equal("""{"number":"+8613800001234","purpose":"marketing","consentedOn":"2026-03-01"}""", Sent(ledger));
    }

    [Fact]
    public async Task A_number_may_come_by_standard_input()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On("POST /v1/checks", 200, Allow);
        await using CliProcess program = CliProcess.Start(ledger.Environment, "check", "-", "--purpose", "marketing");

        await program.Input.WriteAsync("+8613800001234\n"u8.ToArray(), TestContext.Current.CancellationToken);
        program.Input.Close();

        Assert.Equal(ExitCodes.Ok, (await program.EndAsync()).ExitCode);
        Assert.Equal("""{"number":"+8613800001234","purpose":"marketing"}""", Sent(ledger));
    }

    [Theory]
    [InlineData("en", "Bad number. Look for missing digits. [number-too-short]")]
    [InlineData("zh-CN", "号码位数不够，不可能存在。请看看是不是少写了数字。[number-too-short]")]
    public async Task A_no_is_told_with_its_code(string lang, string said)
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On(
            "POST /v1/checks", 422, FakeLedger.Problem(422, "number-too-short", "Bad number.", "Look for missing digits."));

        Ended ended = await ledger.RunAsync([.. Check, "--lang", lang]);

        Assert.Equal((ExitCodes.Failed, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_answered_now_is_asked_again_and_never_an_allow()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On(
            "POST /v1/checks", 503, FakeLedger.Problem(503, "ledger-unavailable"));

        Ended ended = await ledger.RunAsync([.. Check, "--json"]);

        Assert.Equal((ExitCodes.Unavailable, ""), (ended.ExitCode, ended.Output));
        Assert.Equal(4, ledger.Arrived.Count);
        Assert.Equal(ExitCodes.Unavailable, JsonNode.Parse(ended.Error)!["exitCode"]!.GetValue<int>());
        Assert.All(ledger.Arrived, arrived => Assert.False(arrived.Headers.ContainsKey("Idempotency-Key")));
    }

    [Theory]
    [InlineData("en", "cannot be reached: Connection refused (127.0.0.1:")]
    [InlineData("zh-CN", "无法连接账本：连接被拒绝。可用 numberledger doctor 检查。")]
    public async Task A_server_that_is_not_there_is_told_as_unavailable(string lang, string said)
    {
        FakeLedger ledger = await FakeLedger.StartAsync();
        Dictionary<string, string?> environment = ledger.Environment;
        await ledger.DisposeAsync();

        Ended ended = await CliProcess.RunAsync(environment, [.. Check, "--lang", lang]);

        Assert.Equal(ExitCodes.Unavailable, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.Contains("numberledger doctor", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "cannot be reached: no TLS connection (")]
    [InlineData("zh-CN", "无法连接账本：TLS 连接失败（")]
    public async Task A_server_without_TLS_is_told_as_such(string lang, string said)
    {
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        string address = ledger.Url.Replace("http:", "https:", StringComparison.Ordinal);

        Ended ended = await ledger.RunAsync([.. Check, "--server", address, "--lang", lang]);

        Assert.Equal(ExitCodes.Unavailable, ended.ExitCode);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("inner exception", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("..", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_ledger_is_told()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On("POST /v1/checks", 200, "<html>");

        Ended ended = await ledger.RunAsync(Check);

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Contains("Is --server right?", ended.Error, StringComparison.Ordinal);
    }

    private static string Sent(FakeLedger ledger) => JsonNode.Parse(Assert.Single(ledger.Arrived).Body)!.ToJsonString(
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
