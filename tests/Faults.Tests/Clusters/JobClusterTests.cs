using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>A file that is kept as a job belongs to the cluster, and not to the process that took it.</summary>
[Collection(Alone.Name)]
public sealed class JobClusterTests
{
    private const string Path = "/v1/carrier-files";
    private const int Events = 200_000;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Whichever process runs it: all that might are killed, one after the other, and started again.</summary>
    [Fact]
    public async Task A_job_whose_process_is_killed_is_ended_by_another_and_recorded_once()
    {
        await using Cluster cluster = await Cluster.StartAsync();
        var file = new EventFile(Events);
        await cluster.CoverAsync(EventFile.From, file.To);
        LedgerClient[] clients = [.. Enumerable.Range(0, cluster.Nodes).Select(
            node => new LedgerClient(cluster.AddressOf(node), cluster.Carrier))];

        Answer? accepted = await clients[0].TrySendAsync($"{Path}?async=true", file.Whole());
        Assert.True(accepted is { IsSuccess: true }, $"{accepted}");
        string job = $"{Path}/{accepted!.ReadJson()["id"]}";
        for (int node = 0; node < cluster.Nodes - 1; node++)
        {
            JsonNode before = await UntilAsync(at => HasEnded(at) || (int)at["rows"]! >= (node + 1) * Events / 4);
            if (HasEnded(before)) break;

            await cluster.KillAsync(node);
        }

        JsonNode ended = await UntilAsync(HasEnded);
        Assert.Equal("finished", (string)ended["status"]!);
        Assert.Equal(Events, (int)ended["rows"]!);
        Assert.Equal(Events, CountOf(ended, "recorded") + CountOf(ended, "duplicate"));
        Tell(ended.ToJsonString());

        // Who was killed shows it too, and the same answer.
        string answer = (await clients[2].GetAsync($"{job}/results")).Body;
        for (int node = 0; node < cluster.Nodes - 1; node++) cluster.StartNode(node);
        for (int node = 0; node < cluster.Nodes; node++) await cluster.ReadyAsync(node);
        Assert.Equal(answer, (await clients[0].GetAsync($"{job}/results")).Body);

        Answer? again = await clients[1].TrySendAsync(Path, file.Whole());
        Assert.Equal(Events, (int)JsonNode.Parse(again!.Body)!["end"]!["duplicate"]!);
        (int exitCode, string said) = await cluster.FsckAsync();
        Assert.True(exitCode == 0, said);
        foreach (LedgerClient client in clients) client.Dispose();

        async Task<JsonNode> UntilAsync(Func<JsonNode, bool> isSo)
        {
            while (true)
            {
                Answer shown = await clients[2].GetAsync(job);
                if (shown.IsSuccess && shown.ReadJson() is { } at && isSo(at)) return at;

                await Task.Delay(BetweenLooks, TestContext.Current.CancellationToken);
            }
        }
    }

    private static bool HasEnded(JsonNode job) => (string)job["status"]! is not ("queued" or "running");

    private static int CountOf(JsonNode job, string what) => (int?)job["counts"]![what] ?? 0;

    private static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
