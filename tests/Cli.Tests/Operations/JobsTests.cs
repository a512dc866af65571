using System.Text.Json.Nodes;

namespace NumberLedger.Cli.Tests;

public class JobsTests
{
    private const string Id = "job_6f1c0f7d2b9e4a5c8d3e1f2a3b4c5d6e";

    [Fact]
    public async Task Jobs_of_every_kind_that_the_key_may_see_are_listed_the_latest_first()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync())
            .On("GET /v1/scrubs", 200, Jobs("scrub", "2026-08-01T09:30:00.000+00:00"))
            .On("GET /v1/carrier-files", 403, FakeLedger.Problem(403, "scope-missing"))
            .On("GET /v1/bindings/files", 200, Jobs("binding_file", "2026-08-02T09:30:00.000+00:00"));

        Ended ended = await ledger.RunAsync("jobs", "list");

        Assert.Equal((ExitCodes.Ok, ""), (ended.ExitCode, ended.Error));
        string[] lines = ended.Output.Trim().Split('\n');
        Assert.Matches($@"^ *{Id} +bindings +running +2026-08-02T09:30:00Z +5,000,000 +50%", lines[1]);
        Assert.Matches($@"^ *{Id} +scrub +running", lines[2]);
    }

    [Fact]
    public async Task With_json_they_are_as_the_server_has_them()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync())
            .On("GET /v1/carrier-files", 200, Jobs("carrier_file", "2026-08-01T09:30:00.000+00:00"));

        Ended ended = await ledger.RunAsync("jobs", "list", "carrier", "--json");

        Assert.Equal(ExitCodes.Ok, ended.ExitCode);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(Jobs("carrier_file", "2026-08-01T09:30:00.000+00:00")), JsonNode.Parse(ended.Output)));
        Assert.Single(ledger.Arrived);
    }

    [Fact]
    public async Task A_key_that_may_see_none_is_told_so()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync())
            .On("GET /v1/scrubs", 403, FakeLedger.Problem(403, "scope-missing"))
            .On("GET /v1/carrier-files", 403, FakeLedger.Problem(403, "scope-missing"))
            .On("GET /v1/bindings/files", 403, FakeLedger.Problem(403, "scope-missing"));

        Ended ended = await ledger.RunAsync("jobs", "list", "--lang", "zh-CN");

        Assert.Equal((ExitCodes.Failed, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("[scope-missing]", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_deleted_whatever_its_kind()
    {
        await using FakeLedger ledger = (await FakeLedger.StartAsync())
            .On($"DELETE /v1/scrubs/{Id}", 404, FakeLedger.Problem(404, "job-unknown"))
            .On($"DELETE /v1/carrier-files/{Id}", 403, FakeLedger.Problem(403, "scope-missing"))
            .On($"DELETE /v1/bindings/files/{Id}", 204);

        Ended ended = await ledger.RunAsync("jobs", "delete", Id, "--json");

        Assert.Equal((ExitCodes.Ok, $$"""{"id":"{{Id}}","deleted":true}""" + "\n"), (ended.ExitCode, ended.Output));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../../parties/acme")]
    public async Task What_is_no_id_of_a_job_is_not_asked_for(string id)
    {
        await using FakeLedger ledger = await FakeLedger.StartAsync();

        Ended ended = await ledger.RunAsync("jobs", "delete", id);

        Assert.Equal(ExitCodes.Usage, ended.ExitCode);
        Assert.Contains("jobs list", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_there_is_not_is_told()
    {
        await using FakeLedger ledger = await FakeLedger.StartAsync();
        foreach (string path in new[] { "/v1/scrubs", "/v1/carrier-files", "/v1/bindings/files" })
        {
            ledger.On($"DELETE {path}/{Id}", 404, FakeLedger.Problem(404, "job-unknown"));
        }

        ledger.On($"DELETE /v1/carrier-files/{Id}", 403, FakeLedger.Problem(403, "scope-missing"));

        Ended ended = await ledger.RunAsync("jobs", "delete", Id);

        Assert.Equal(ExitCodes.Failed, ended.ExitCode);
        Assert.Contains("[job-unknown]", ended.Error, StringComparison.Ordinal);
        Assert.Equal(3, ledger.Arrived.Count);
    }

    private static string Jobs(string kind, string made) =>
        $$$"""{"jobs":[{"id":"{{{Id}}}","kind":"{{{kind}}}","status":"running","createdAt":"{{{made}}}","bytes":200,"""
        + "\"bytesRead\":100,\"rows\":5000000,\"counts\":{}}]}";
}
