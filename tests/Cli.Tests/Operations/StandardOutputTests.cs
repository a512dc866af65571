using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Cli.Tests;

/// <summary>A result that nobody took is no success.</summary>
public class StandardOutputTests
{
    private const string KeyId = "9f86d081884c7d65";

    [Fact]
    public async Task A_reader_that_goes_away_is_a_failure()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = (await FakeLedger.StartAsync())
            .On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        Campaign.Write(folder, 100_000);

        Ended ended = await Shell.RunAsync(ledger, folder, "\"$cli\" scrub in.csv | head -1; exit ${PIPESTATUS[0]}");

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Equal($"{Campaign.Header},{FakeScrub.Columns}\n", ended.Output);
        Assert.Contains("numberledger: Standard output takes no more", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"$cli\" keys create acme | { exec <&-; touch gone; }; exit ${PIPESTATUS[0]}")]
    [InlineData("touch gone; \"$cli\" keys create acme > /dev/full")]
    [InlineData("touch gone; \"$cli\" keys create acme --json > /dev/full")]
    public async Task A_key_that_was_not_written_down_is_named_for_its_revocation(string script)
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await MakingAsync(folder);

        Ended ended = await Shell.RunAsync(ledger, folder, script);

        Assert.Equal((ExitCodes.Failed, ""), (ended.ExitCode, ended.Output));
        Assert.Contains($"keys revoke acme {KeyId}", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeLedger.Key.Text, ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"$cli\" keys create acme > /dev/full 2> /dev/full")]
    [InlineData("\"$cli\" --help > /dev/full 2> /dev/full")]
    [InlineData("\"$cli\" chek > /dev/full 2> /dev/full")]
    [InlineData("\"$cli\" keys revoke acme 1 2> /dev/full")]
    public async Task What_cannot_even_be_told_ends_with_1(string script)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["gone"], "");
        await using FakeLedger ledger = await MakingAsync(folder);

        Ended ended = await Shell.RunAsync(ledger, folder, script);

        Assert.Equal(new Ended(ExitCodes.Failed, "", ""), ended);
    }

    [Fact]
    public async Task Help_that_nobody_reads_is_a_failure_in_a_sentence()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = await FakeLedger.StartAsync();

        Ended ended = await Shell.RunAsync(ledger, folder, "\"$cli\" --help > /dev/full");

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Single(ended.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task What_others_write_to_the_same_file_stays()
    {
        using var folder = new TemporaryFolder();
        await using FakeLedger ledger = (await FakeLedger.StartAsync())
            .On("POST /v1/scrubs", new FakeScrub().AnswerAsync);
        Campaign.Write(folder, 20);

        Ended ended = await Shell.RunAsync(
            ledger, folder, "{ echo before; \"$cli\" scrub in.csv; \"$cli\" completion fish; echo after; } > all");

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        string[] lines = File.ReadAllLines(folder["all"]);
        Assert.Equal(("before", "after"), (lines[0], lines[^1]));
        Assert.Contains(lines, line => line.StartsWith("#end,", StringComparison.Ordinal));
        Assert.Contains("# numberledger completion fish", lines);
    }

    /// <summary>Answers once the reader of standard output is gone.</summary>
    private static async Task<FakeLedger> MakingAsync(TemporaryFolder folder) => (await FakeLedger.StartAsync())
        .On("DELETE /v1/parties/acme/keys/1", 204)
        .On("POST /v1/parties/acme/keys", async http =>
        {
            while (!File.Exists(folder["gone"])) await Task.Delay(10, http.RequestAborted);
            http.Response.StatusCode = 201;
            await http.Response.WriteAsync(new JsonObject
            {
                ["keyId"] = KeyId,
                ["key"] = FakeLedger.Key.Text,
            }.ToJsonString());
        });
}
