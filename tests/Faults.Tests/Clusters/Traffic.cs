using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// Lives of numbers, many at once, on all nodes: bound, asked, ended, and asked again, of every node and at once.
/// </summary>
internal sealed class Traffic(Cluster cluster, History history, int seed)
{
    private const int Blocks = 20;
    private const string Bound = "bound";

    private static readonly string[] Ends = ["opted_out", "opted_out", "disconnected", "released"];

    private readonly ConcurrentBag<int> _ended = [];
    private readonly ConcurrentDictionary<(int Number, string Kind), bool> _acknowledged = [];
    private int _numbers;
    private volatile bool _isOver;

    public int Acknowledged => _acknowledged.Count(one => one.Value);

    public async Task CoverAsync() => await cluster.Wire.MustAsync(
        0, HttpMethod.Post, "/v1/ranges", cluster.Operator, new JsonObject
        {
            ["carrier"] = "carrier-1",
            ["from"] = TextOf(0, 0),
            ["to"] = TextOf(Blocks - 1, 9_999),
            ["trackedSince"] = "2020-01-01",
        });

    /// <summary>Until it is told to stop; then every life under way is asked once more, and left.</summary>
    public Task RunAsync(int workers) => Task.WhenAll(
        Enumerable.Range(0, workers).Select(worker => LiveAsync(new Random(seed + worker))));

    public void Stop() => _isOver = true;

    /// <summary>Everything that was acknowledged stands in the ledger once; everything else once, or not at all.</summary>
    public async Task<List<string>> LostOrDoubledAsync()
    {
        var faults = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(_acknowledged.GroupBy(one => one.Key.Number), async (number, _) =>
        {
            JsonNode? said = await cluster.Wire.MustAsync(
                number.Key % cluster.Nodes, HttpMethod.Post, "/v1/numbers/history", cluster.Operator,
                new JsonObject { ["number"] = TextOf(number.Key) });
            string[] stored = [.. said!["entries"]!.AsArray().Select(entry => entry!["kind"]!.GetValue<string>())];
            foreach (KeyValuePair<(int Number, string Kind), bool> one in number)
            {
                (string kind, bool acknowledged) = (one.Key.Kind, one.Value);
                int times = stored.Count(of => of == kind);
                if (times > 1) faults.Add($"'{kind}' of number {number.Key} stands there {times} times.");
                if (times == 0 && acknowledged) faults.Add($"'{kind}' of number {number.Key} was acknowledged, and is lost.");
            }
        });
        return [.. faults];
    }

    private async Task LiveAsync(Random random)
    {
        while (!_isOver)
        {
            int number = Interlocked.Increment(ref _numbers) - 1;
            if (number >= Blocks * 10_000) return;

            if (!await TellAsync(number, Act.Bind, random)) return;
            await CheckAsync(number, random.Next(cluster.Nodes));
            if (!await TellAsync(number, Act.End, random)) return;

            // Of every node, at once: the one that held it before it was cut off is among them.
            await Task.WhenAll(Enumerable.Range(0, cluster.Nodes).Select(node => CheckAsync(number, node)));
            _ended.Add(number);
            if (_ended.TryTake(out int earlier))
            {
                await CheckAsync(earlier, random.Next(cluster.Nodes));
                _ended.Add(earlier);
            }
        }
    }

    /// <summary>Sent again and the same, also to other nodes, until it is acknowledged.</summary>
    /// <returns>False: it was not, before all was over.</returns>
    private async Task<bool> TellAsync(int number, Act act, Random random)
    {
        string kind = act is Act.Bind ? Bound : Ends[number % Ends.Length];
        _acknowledged[(number, kind)] = false;
        (string path, string key, JsonObject body) = Command(number, kind);
        while (true)
        {
            int node = random.Next(cluster.Nodes);
            long invoked = Stopwatch.GetTimestamp();
            (int status, JsonNode? said) = await cluster.Wire.AskAsync(
                node, HttpMethod.Post, path, key, body, $"{act}-{number}");
            Outcome outcome = status switch
            {
                >= 200 and < 300 when IsRecorded(said!) => Outcome.Yes,
                0 or >= 500 or 409 => Outcome.Unknown, // 409: the attempt before runs still.
                _ => Outcome.No,
            };
            Assert.True(outcome is not Outcome.No, $"{path} answered {status} {said}");
            Note(number, act, outcome, invoked, 0, node);
            if (outcome is Outcome.Yes)
            {
                _acknowledged[(number, kind)] = true;
                return true;
            }

            if (_isOver) return false;
            await Task.Delay(random.Next(20, 100));
        }
    }

    private async Task CheckAsync(int number, int node)
    {
        long invoked = Stopwatch.GetTimestamp();
        (int status, JsonNode? said) = await cluster.Wire.AskAsync(
            node, HttpMethod.Post, "/v1/checks", cluster.Lender,
            new JsonObject { ["number"] = TextOf(number), ["purpose"] = "marketing" });
        if (status != 200)
        {
            Assert.True(status is 0 or >= 500, $"A check was answered {status} {said}");
            Note(number, Act.Check, Outcome.Unknown, invoked, 0, node);
            return;
        }

        Outcome outcome = said!["verdict"]!.GetValue<string>() is "allow" ? Outcome.Yes : Outcome.No;
        Note(number, Act.Check, outcome, invoked, said["asOf"]!["position"]!.GetValue<long>(), node);
    }

    private void Note(int number, Act act, Outcome outcome, long invoked, long position, int node) => history.Add(
        new(number, number % Blocks, act, outcome, invoked, Stopwatch.GetTimestamp(), position, node));

    private (string Path, string Key, JsonObject Body) Command(int number, string kind)
    {
        var body = new JsonObject { ["number"] = TextOf(number) };
        switch (kind)
        {
            case Bound:
                body["purposes"] = new JsonArray("marketing");
                body["role"] = "borrower";
                body["consentedAt"] = "2025-05-01T10:00:00+08:00";
                body["evidence"] = new JsonObject { ["kind"] = "web_form", ["reference"] = $"form-{number}" };
                return ("/v1/bindings", cluster.Lender, body);
            case "opted_out":
                body["scope"] = number % 8 < 4 ? "everyone" : "lender";
                body["receivedAt"] = "2025-06-01T10:00:00+08:00";
                return ("/v1/opt-outs", number % 8 < 4 ? cluster.Operator : cluster.Lender, body);
            case "released":
                return ("/v1/bindings/release", cluster.Lender, body);
            default:
                body["eventId"] = $"e-{number}";
                body["kind"] = kind;
                body["effectiveOn"] = "2025-06-01";
                return ("/v1/carrier-events", cluster.Carrier, new JsonObject { ["events"] = new JsonArray(body) });
        }
    }

    /// <summary>Of a batch, the one result that it has.</summary>
    private static bool IsRecorded(JsonNode said) =>
        said["results"] is not { } results
        || results[0]!["status"]?.GetValue<string>() is "recorded" or "duplicate";

    private static string TextOf(int number) => TextOf(number % Blocks, number / Blocks);

    private static string TextOf(int block, int offset) => $"+861380{1_000 + block:0000}{offset:0000}";
}
