using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// One process after another is stopped and started anew, as for another release, and nobody notices.
/// </summary>
[Collection(Alone.Name)]
public sealed class RollingRestartTests
{
    /// <summary>At least so many, and until the last process is back.</summary>
    private const int Requests = 10_000;

    private const int Clients = 8;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Of_ten_thousand_requests_none_fails_while_every_process_is_stopped_and_started_anew()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using Cluster cluster = await Cluster.StartAsync();
        bool[] ready = [true, true, true];
        var failed = new System.Collections.Concurrent.ConcurrentQueue<string>();
        int sent = 0, sentAgain = 0;
        bool isOver = false;
        await cluster.CoverAsync("+8613810000000", "+8613810099999");

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

        TestContext.Current.TestOutputHelper!.WriteLine($"{sent:N0} requests, {sentAgain:N0} of them sent twice.");
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
                int number = Interlocked.Increment(ref sent);
                (int status, JsonNode? said) = await SendAsync(number, random);
                if (status is 0 or 503)
                {
                    // The machine of a test is busy now and then; what counts is whether it holds when sent again, as
                    // late as Retry-After asks for.
                    Interlocked.Increment(ref sentAgain);
                    if (status == 503) await Task.Delay(RetryAfter, ct);
                    (status, said) = await SendAsync(number, random);
                }

                if (status is < 200 or >= 300) failed.Enqueue($"{number}: {status} {said}");
            }
        }

        Task<(int Status, JsonNode? Body)> SendAsync(int number, Random random)
        {
            int[] serving = [.. Enumerable.Range(0, cluster.Nodes).Where(node => Volatile.Read(ref ready[node]))];
            int node = serving[random.Next(serving.Length)];
            string text = $"+86138100{number % 100_000:00000}";
            return number % 4 == 0
                ? cluster.Wire.AskAsync(
                    node, HttpMethod.Post, "/v1/opt-outs", cluster.Operator, new JsonObject
                    {
                        ["number"] = text,
                        ["scope"] = "everyone",
                        ["receivedAt"] = "2025-06-01T10:00:00+08:00",
                    },
                    $"key-{number}")
                : cluster.Wire.AskAsync(
                    node, HttpMethod.Post, "/v1/checks", cluster.Lender,
                    new JsonObject { ["number"] = text, ["purpose"] = "marketing" });
        }
    }
}
