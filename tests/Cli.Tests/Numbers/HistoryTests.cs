namespace NumberLedger.Cli.Tests;

public class HistoryTests
{
    private const string Entries =
        """{"entries":[{"position":1,"version":1,"kind":"bound","recordedAt":"2026-01-05T02:00:01.000+00:00","lender":"acme","consentedOn":"2026-01-05"},{"position":7,"version":2,"kind":"disconnected","recordedAt":"2026-03-01T01:30:00.000+00:00","carrier":"demo-carrier","eventId":"e1","effectiveOn":"2026-03-01"}]}""";

    [Theory]
    [InlineData("en", "the carrier takes the number back")]
    [InlineData("zh-CN", "运营商收回号码")]
    public async Task A_history_is_told_in_words(string lang, string said)
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On("POST /v1/numbers/history", 200, Entries);

        Ended ended = await ledger.RunAsync("history", "+8613800001234", "--lang", lang);

        Assert.Equal((ExitCodes.Ok, ""), (ended.ExitCode, ended.Error));
        Assert.Contains(said, ended.Output, StringComparison.Ordinal);
        Assert.Contains("2026-03-01T01:30:00Z", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("3800001234", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-02-01")]
    [InlineData("2026-02-01T00:00:00")]
    [InlineData("2026-02-31T00:00:00Z")]
    public async Task What_is_no_instant_is_a_mistake_of_the_command_line(string instant)
    {
        Ended ended = await CliProcess.RunAsync("history", "+8613800001234", "--known-at", instant);

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.Contains("2026-03-01T09:30:00+08:00", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_it_is_the_servers_answer()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On("POST /v1/numbers/history", 200, Entries);

        Ended ended = await ledger.RunAsync(
            "history", "+8613800001234", "--json", "--known-at", "2026-02-01T00:00:00+08:00");

        Assert.Equal(Entries + "\n", ended.Output);
        Assert.Contains("knownAt", Assert.Single(ledger.Arrived).Body, StringComparison.Ordinal);
    }
}
