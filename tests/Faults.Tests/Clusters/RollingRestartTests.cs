using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>One process after another is stopped and started anew, as for another release, and nobody notices.</summary>
public sealed class RollingRestartTests
{
    /// <summary>At least so many, and until the last process is back.</summary>
    private const int Requests = 10_000;

    private const int Clients = 8;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Of_ten_thousand_requests_none_fails_while_every_process_is_stopped_and_started_anew()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using Cluster cluster = await Cluster.StartAsync();
        bool[] ready = [true, true, true];
        var failed = new System.Collections.Concurrent.ConcurrentQueue<string>();
        int sent = 0;
        bool isOver = false;
        await cluster.Wire.MustAsync(0, HttpMethod.Post, "/v1/ranges", cluster.Operator, new JsonObject
        {
            ["carrier"] = "carrier-1",
            ["from"] = "+8613810000000",
            ["to"] = "+8613810099999",
            ["trackedSince"] = "2020-01-01",
        });

        Task looks = Task.WhenAll(Enumerable.Range(0, cluster.Nodes).Select(LookAsync));
        Task clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => AskAsync(new Random(client))));
        for (int node = 0; node < cluster.Nodes; node++)
        {
            cluster.Process(node).Terminate();
            Assert.Equal(0, await cluster.Process(node).EndAsync());
            await cluster.KillAsync(node);
            cluster.StartNode(node);
            await cluster.ReadyAsync(node);
        }

        while (Volatile.Read(ref sent) < Requests) await Task.Delay(BetweenLooks, ct);
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(looks, clients);

        Assert.True(failed.IsEmpty, $"{failed.Count} of {sent} failed: {string.Join('\n', failed.Take(10))}");

        // As a load balancer does.
        async Task LookAsync(int node)
        {
            while (!Volatile.Read(ref isOver))
            {
                (int status, _) = await cluster.Wire.AskAsync(node, HttpMethod.Get, "/health/ready", null);
                Volatile.Write(ref ready[node], status == 200);
                await Task.Delay(BetweenLooks, ct);
            }
        }

        async Task AskAsync(Random random)
        {
            while (!Volatile.Read(ref isOver))
            {
                int node = random.Next(cluster.Nodes);
                if (!Volatile.Read(ref ready[node])) continue;

                int number = Interlocked.Increment(ref sent);
                string text = $"+86138100{number % 100_000:00000}";
                bool writes = number % 4 == 0;
                (int status, JsonNode? said) = writes
                    ? await cluster.Wire.AskAsync(
                        node, HttpMethod.Post, "/v1/opt-outs", cluster.Operator, new JsonObject
                        {
                            ["number"] = text,
                            ["scope"] = "everyone",
                            ["receivedAt"] = "2025-06-01T10:00:00+08:00",
                        },
                        $"key-{number}")
                    : await cluster.Wire.AskAsync(
                        node, HttpMethod.Post, "/v1/checks", cluster.Lender,
                        new JsonObject { ["number"] = text, ["purpose"] = "marketing" });
                if (status is < 200 or >= 300) failed.Enqueue($"{(writes ? "a write" : "a check")} by {node}: {status} {said}");
            }
        }
    }
}
