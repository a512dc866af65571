namespace NumberLedger.Cli.Tests;

public class KeysTests
{
    private static readonly string Made =
        $$"""{"keyId":"9f86d081884c7d65","key":"{{FakeLedger.Key.Text}}","scopes":["checks:run"]}""";

    [Fact]
    public async Task A_new_key_is_alone_on_standard_output()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On("POST /v1/parties/acme/keys", 201, Made);

        Ended ended = await ledger.RunAsync("keys", "create", "acme", "--scope", "checks:run");

        Assert.Equal((ExitCodes.Ok, FakeLedger.Key.Text + "\n"), (ended.ExitCode, ended.Output));
        Arrived arrived = Assert.Single(ledger.Arrived);
        Assert.Equal("""{"scopes":["checks:run"]}""", arrived.Body);
        Assert.True(arrived.Headers.ContainsKey("Idempotency-Key"));
    }

    [Fact]
    public async Task A_new_key_can_go_to_a_file_that_this_program_takes()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On("POST /v1/parties/acme/keys", 201, Made);

        Ended ended = await ledger.RunAsync("keys", "create", "acme", "-o", folder["key"], "--json");

        Assert.DoesNotContain(FakeLedger.Key.Text, ended.Output + ended.Error, StringComparison.Ordinal);
        Assert.Equal(FakeLedger.Key, new KeySource(folder["key"], null, _ => null, Lang.English).Read());
    }

    [Fact]
    public async Task No_file_is_written_over_and_no_key_made_that_has_no_place()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["key"], "the only copy of another");
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On("POST /v1/parties/acme/keys", 201, Made);

        Ended ended = await ledger.RunAsync("keys", "create", "acme", "-o", folder["key"]);

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Equal("the only copy of another", File.ReadAllText(folder["key"]));
        Assert.Empty(ledger.Arrived);
    }

    [Fact]
    public async Task A_refused_key_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On(
            "POST /v1/parties/acme/keys", 404, FakeLedger.Problem(404, "party-unknown"));

        Ended ended = await ledger.RunAsync("keys", "create", "acme", "-o", folder["key"]);

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_key_is_revoked_by_its_id()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync())
            .On("DELETE /v1/parties/acme/keys/9f86d081884c7d65", 204);

        Ended ended = await ledger.RunAsync("keys", "revoke", "acme", "9f86d081884c7d65", "--json");

        Assert.Equal(
            (ExitCodes.Ok, """{"keyId":"9f86d081884c7d65","revoked":true}""" + "\n"), (ended.ExitCode, ended.Output));
    }

    [Fact]
    public async Task Keys_are_listed_with_what_they_may()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync()).On(
            "GET /v1/parties/acme/keys", 200,
            """{"keys":[{"keyId":"9f86d081884c7d65","scopes":["checks:run"],"addedAt":"2026-03-01T01:30:00+00:00","revokedAt":"2026-04-01T01:30:00+00:00"}]}""");

        Ended ended = await ledger.RunAsync("keys", "list", "acme");

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        Assert.Contains("9f86d081884c7d65", ended.Output, StringComparison.Ordinal);
        Assert.Contains("2026-04-01T01:30:00Z", ended.Output, StringComparison.Ordinal);
    }
}
