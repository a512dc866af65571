using System.Text.Json.Nodes;

namespace NumberLedger.Cli.Tests;

public class DoctorTests
{
    [Fact]
    public async Task A_ledger_that_is_well_is_told_so_with_what_the_key_may()
    {
        await using FakeLedger ledger = Well(await FakeLedger.StartAsync());

        Ended ended = await ledger.RunAsync("doctor", "--json");

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        JsonNode told = JsonNode.Parse(ended.Output)!;
        Assert.True(told["well"]!.GetValue<bool>());
        JsonNode? scopes = told["checks"]!.AsArray().Single(check => check!["name"]!.GetValue<string>() == "scopes");
        // An agency's key with all that it may, or a lender's with a part: nobody can tell.
        Assert.Equal("checks:run", scopes!["detail"]!.GetValue<string>());
        Assert.All(ledger.Arrived, arrived => Assert.True(arrived.Body is "" or "{}"));
    }

    [Fact]
    public async Task A_key_with_all_that_only_one_role_may_is_told_so()
    {
        await using FakeLedger ledger = Well(await FakeLedger.StartAsync())
            .On("POST /v1/checks", 403, FakeLedger.Problem(403, "scope-missing"));
        foreach (string route in new[] { "POST /v1/carrier-events", "POST /v1/numbers/history", "GET /v1/ranges" })
        {
            ledger.On(route, 400, FakeLedger.Problem(400, "member-required"));
        }

        Ended ended = await ledger.RunAsync("doctor", "--json");

        Assert.Contains("(all that a party of role carrier may)", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_is_a_finding_with_a_remedy()
    {
        await using FakeLedger ledger = Well(await FakeLedger.StartAsync())
            .On("POST /v1/checks", 401, FakeLedger.Problem(401, "credential-invalid"));

        Ended ended = await ledger.RunAsync("doctor");

        Assert.Equal(ExitCodes.Findings, ended.ExitCode);
        Assert.Contains("→", ended.Output, StringComparison.Ordinal);
        Assert.Contains("keys create", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_far_off_is_a_finding()
    {
        await using FakeLedger ledger = Well(await FakeLedger.StartAsync()).On("GET /health/live", async http =>
        {
            http.Response.Headers.Date = (TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1)).ToString("R");
            await http.Response.StartAsync();
        });

        Ended ended = await ledger.RunAsync("doctor", "--lang", "zh-CN");

        Assert.Equal(ExitCodes.Findings, ended.ExitCode);
        Assert.Contains("NTP", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_does_not_serve_says_why()
    {
        await using FakeLedger ledger = Well(await FakeLedger.StartAsync())
            .On("GET /health/ready", 503, FakeLedger.Problem(503, "not-ready", detail: "The store is behind its checkpoint."));

        Ended ended = await ledger.RunAsync("doctor");

        Assert.Equal(ExitCodes.Unavailable, ended.ExitCode);
        Assert.Contains("behind its checkpoint", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Not known: the ledger cannot answer now (503).")]
    [InlineData("zh-CN", "不得而知：账本现在无法回答（503）。")]
    public async Task A_ledger_that_cannot_answer_does_not_say_that_the_key_may_nothing(string lang, string told)
    {
        await using FakeLedger ledger = Well(await FakeLedger.StartAsync())
            .On("POST /v1/checks", 503, FakeLedger.Problem(503, "ledger-unavailable"));

        Ended ended = await ledger.RunAsync("doctor", "--lang", lang);

        Assert.Equal(ExitCodes.Unavailable, ended.ExitCode);
        Assert.Contains(told, ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_server_and_a_key_both_are_told()
    {
        FakeLedger ledger = await FakeLedger.StartAsync();
        string url = ledger.Url;
        await ledger.DisposeAsync();

        Ended ended = await CliProcess.RunAsync("doctor", "--server", url);

        Assert.Equal(ExitCodes.Unavailable, ended.ExitCode);
        Assert.Contains("./run serve", ended.Output, StringComparison.Ordinal);
        Assert.Contains("NUMBERLEDGER_KEY", ended.Output, StringComparison.Ordinal);
    }

    private static FakeLedger Well(FakeLedger ledger)
    {
        ledger.On("GET /health/live", 200, "{}").On("GET /health/ready", 200, "{}")
            .On("POST /v1/checks", 400, FakeLedger.Problem(400, "member-required"));
        foreach (string route in new[]
        {
            "POST /number-recycling/v0.2/check", "POST /v1/bindings", "GET /v1/bindings", "POST /v1/opt-outs",
            "POST /v1/carrier-events", "POST /v1/numbers/history", "GET /v1/parties", "POST /v1/ranges", "GET /v1/ranges",
        })
        {
            ledger.On(route, 403, FakeLedger.Problem(403, "scope-missing"));
        }

        return ledger;
    }
}
