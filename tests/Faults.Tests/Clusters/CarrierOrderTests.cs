using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// What a carrier reports comes in any order, several times, and through a node that dies: it counts once, and as if it
/// had come in order.
/// </summary>
[Collection(Alone.Name)]
public sealed class CarrierOrderTests
{
    private const int Lives = 60;
    private const int Workers = 8;

    /// <summary>Told in order, and once.</summary>
    private const string Ordered = "+86138100";

    /// <summary>The same lives, told in disorder.</summary>
    private const string Shuffled = "+86138101";

    private static readonly (string Kind, string Day)[] Life =
    [
        ("disconnected", "2024-02-01"), ("reassigned", "2024-07-01"), ("sim_changed", "2024-08-01"),
        ("suspended", "2024-09-01"), ("reactivated", "2024-09-05"), ("disconnected", "2025-02-01"),
        ("reassigned", "2025-08-01"),
    ];

    /// <summary>Before, between and on the days of the life.</summary>
    private static readonly string[] Days =
    [
        "2023-06-01", "2024-02-01", "2024-04-01", "2024-07-01", "2024-10-01", "2025-02-01", "2025-05-01", "2025-08-01",
        "2025-10-01",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_any_order_and_any_number_of_times_events_count_once_and_give_what_they_give_in_order()
    {
        await using Cluster cluster = await Cluster.StartAsync(nodes: 2);
        await cluster.CoverAsync(Ordered + "00000", Ordered + "09999");
        await cluster.CoverAsync(Shuffled + "00000", Shuffled + "09999");
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        JsonObject[][] lives = [.. Enumerable.Range(0, Lives).Select(_ => LifeOf(random))];

        var ordered = new ConcurrentBag<string>();
        await Parallel.ForAsync(0, Lives, Ct, async (life, _) =>
        {
            foreach (JsonObject told in lives[life]) await TellAsync(cluster, 0, Ordered, life, [told], ordered);
        });
        Assert.All(ordered, status => Assert.Equal("recorded", status));

        ConcurrentDictionary<(int Life, string EventId), ConcurrentBag<string>> answers = [];
        (int Life, JsonObject Event)[] sent =
            [.. lives.SelectMany((events, life) => events.Select(told => (life, told)))];
        (int Life, JsonObject Event)[] twice = [.. sent, .. sent];
        random.Shuffle(twice);
        var left = new ConcurrentQueue<(int Life, JsonObject Event)>(twice);
        Task all = Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            while (left.TryDequeue(out (int Life, JsonObject Event) one))
            {
                ConcurrentBag<string> of = answers.GetOrAdd((one.Life, (string)one.Event["eventId"]!), _ => []);
                await TellAsync(cluster, worker % cluster.Nodes, Shuffled, one.Life, [one.Event], of);
            }
        }));
        while (left.Count > twice.Length / 2) await Task.Delay(10, Ct);
        await cluster.KillAsync(1);
        cluster.StartNode(1);
        await all;
        await cluster.ReadyAsync(1);

        Assert.Equal(sent.Length, answers.Count);
        Assert.All(
            answers, answer => Assert.Equal(["duplicate", "recorded"], answer.Value.Order(StringComparer.Ordinal)));
        await AssertSameAsync(cluster, lives);
        (int exitCode, string said) = await cluster.FsckAsync();
        Assert.True(exitCode == 0, said);
    }

    /// <summary>A part of all that may happen to a number, and of that some is a mistake.</summary>
    private static JsonObject[] LifeOf(Random random)
    {
        int from = random.Next(Life.Length - 2), count = random.Next(2, Life.Length - from + 1);
        var events = new List<JsonObject>();
        foreach ((string kind, string day) in Life[from..(from + count)])
        {
            string id = $"e{events.Count}";
            events.Add(new() { ["eventId"] = id, ["kind"] = kind, ["effectiveOn"] = day });
            if (random.Next(4) > 0) continue;

            events.Add(new() { ["eventId"] = $"e{events.Count}", ["kind"] = "retracted", ["retracts"] = id });
        }

        return [.. events];
    }

    private static string NumberOf(string prefix, int life) => $"{prefix}{life:00000}";

    /// <summary>Sent again, and to the other node too, until it is answered.</summary>
    private static async Task TellAsync(
        Cluster cluster, int node, string prefix, int life, JsonObject[] events, ConcurrentBag<string> answers)
    {
        string key = $"{prefix}-{Guid.NewGuid()}"; // Each telling is a request of its own; its repetitions are not.
        var body = new JsonObject
        {
            ["events"] = new JsonArray([.. events.Select(one =>
            {
                var told = (JsonObject)one.DeepClone();
                told["number"] = NumberOf(prefix, life);
                return told;
            })]),
        };
        while (true)
        {
            (int status, JsonNode? said) = await cluster.Wire.AskAsync(
                node++ % cluster.Nodes, HttpMethod.Post, "/v1/carrier-events", cluster.Carrier, body, key);
            if (status == 200)
            {
                foreach (JsonNode? result in said!["results"]!.AsArray()) answers.Add((string)result!["status"]!);
                return;
            }

            Assert.True(status is 0 or 409 or >= 500, $"{status} {said}");
            await Task.Delay(50, Ct);
        }
    }

    private static async Task AssertSameAsync(Cluster cluster, JsonObject[][] lives)
    {
        for (int life = 0; life < lives.Length; life++)
        {
            Assert.Equal(
                await EventsOfAsync(cluster, NumberOf(Ordered, life)),
                await EventsOfAsync(cluster, NumberOf(Shuffled, life)));
            for (int node = 0; node < cluster.Nodes; node++)
            {
                string ordered = await VerdictsAsync(cluster, node, NumberOf(Ordered, life));
                string shuffled = await VerdictsAsync(cluster, node, NumberOf(Shuffled, life));
                Assert.True(
                    ordered == shuffled, $"{ordered}\n{shuffled}\n{string.Join<JsonObject>('\n', lives[life])}");
            }
        }
    }

    private static async Task<string[]> EventsOfAsync(Cluster cluster, string number)
    {
        JsonNode? said = await cluster.Wire.MustAsync(
            0, HttpMethod.Post, "/v1/numbers/history", cluster.Carrier, new JsonObject { ["number"] = number });
        return
        [
            .. said!["entries"]!.AsArray()
                .Select(entry => $"{entry!["eventId"]} {entry["kind"]} {entry["effectiveOn"]} {entry["retracts"]}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static async Task<string> VerdictsAsync(Cluster cluster, int node, string number)
    {
        JsonNode? said = await cluster.Wire.MustAsync(
            node, HttpMethod.Post, "/v1/checks/batch", cluster.Lender, new JsonObject
            {
                ["checks"] = new JsonArray([.. Days.Select(day => new JsonObject
                {
                    ["number"] = number,
                    ["purpose"] = "marketing",
                    ["consentedOn"] = day,
                })]),
            });
        return string.Join('\n', said!["results"]!.AsArray().Zip(Days, (result, day) =>
            $"{day} {result!["verdict"]} {result["reasons"]!.ToJsonString()} {result["advisories"]!.ToJsonString()}"));
    }
}
