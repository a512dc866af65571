using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// Lives of numbers, many at once, on all nodes: bound, asked, ended in two ways, one of them perhaps by a file, and
/// asked again, of every node and at once.
/// </summary>
internal sealed class Traffic(Cluster cluster, History history, int seed)
{
    private const int Blocks = 20;
    private const string Bound = "bound";

    private const string Released = "released", OptedOut = "opted_out", Disconnected = "disconnected";

    private static readonly (string First, string Then)[] Ends =
    [
        (OptedOut, Disconnected), (OptedOut, Released), (Disconnected, OptedOut), (Released, OptedOut),
    ];

    private readonly ConcurrentBag<int> _ended = [];
    private readonly ConcurrentDictionary<(int Number, string Kind), bool> _acknowledged = [];
    private readonly ConcurrentQueue<string> _otherwise = [];
    private int _numbers;
    private volatile bool _isOver;

    public int Acknowledged => _acknowledged.Count(one => one.Value);

    public Task CoverAsync() => cluster.CoverAsync(TextOf(0, 0), TextOf(Blocks - 1, 9_999));

    /// <summary>Until it is told to stop; then every life under way is asked once more, and left.</summary>
    public Task RunAsync(int workers) => Task.WhenAll(
        Enumerable.Range(0, workers).Select(worker => LiveAsync(new Random(seed + worker))));

    public void Stop() => _isOver = true;

    /// <summary>
    /// What does not stand in the ledger as it was answered: once what was acknowledged, once or not at all everything
    /// else; and what was answered otherwise when it was sent again.
    /// </summary>
    public async Task<List<string>> FaultsAsync()
    {
        var faults = new ConcurrentBag<string>(_otherwise);
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

            (string first, string then) = Ends[number % Ends.Length];
            if (!await TellAsync(number, Bound, random)) return;
            await CheckAsync(number, random.Next(cluster.Nodes));
            if (!await TellAsync(number, first, random)) return;

            // Of every node, at once: the one that held it before it was cut off is among them.
            await Task.WhenAll(Enumerable.Range(0, cluster.Nodes).Select(node => CheckAsync(number, node)));
            if (!await TellAsync(number, then, random)) return;
            // Judged anew, it would be a consent from before the release.
            bool isReleased = first is Released || then is Released;
            if (isReleased && number % 3 == 0) await TellAgainAsync(number, Bound, random.Next(cluster.Nodes));
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
    private async Task<bool> TellAsync(int number, string kind, Random random)
    {
        _acknowledged[(number, kind)] = false;
        while (true)
        {
            int node = random.Next(cluster.Nodes);
            long invoked = Stopwatch.GetTimestamp();
            (Outcome outcome, string said) = await TellAsync(number, kind, node);
            Note(number, kind is Bound ? Act.Bind : Act.End, outcome, invoked, 0, node);
            if (outcome is Outcome.No) _otherwise.Enqueue($"'{kind}' of number {number} was refused: {said}");
            if (outcome is Outcome.Yes) _acknowledged[(number, kind)] = true;
            if (outcome is not Outcome.Unknown) return true;

            if (_isOver) return false;
            await Task.Delay(random.Next(20, 100));
        }
    }

    /// <summary>What was acknowledged is acknowledged again, though by now it would be refused.</summary>
    private async Task TellAgainAsync(int number, string kind, int node)
    {
        (Outcome outcome, string said) = await TellAsync(number, kind, node);
        if (outcome is Outcome.No) _otherwise.Enqueue($"'{kind}' of number {number}, sent again, was refused: {said}");
    }

    private async Task<(Outcome Outcome, string Said)> TellAsync(int number, string kind, int node)
    {
        (string path, string key, JsonObject body) = Command(number, kind);
        bool byFile = kind is Disconnected && number % 4 == 2;
        (int status, JsonNode? said) = byFile
            ? await cluster.Wire.SendFileAsync(node, "/v1/carrier-files", key, body)
            : await cluster.Wire.AskAsync(
                node, HttpMethod.Post, path, key,
                kind is Disconnected ? new JsonObject { ["events"] = new JsonArray(body) } : body, $"{kind}-{number}");
        bool isRecorded = byFile
            ? status == 200 && IsRecordedByFile(said)
            : status is >= 200 and < 300 && IsRecorded(said!);
        Outcome outcome = isRecorded ? Outcome.Yes
            : status is 0 or >= 500 or 200 || IsStillRunning(said) ? Outcome.Unknown
            : Outcome.No;
        return (outcome, $"{status} {said}");
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

    /// <summary>The attempt before has not ended yet.</summary>
    private static bool IsStillRunning(JsonNode? said) => said?["code"]?.GetValue<string>() is "idempotency-key-in-use";

    private static bool IsRecordedByFile(JsonNode? trailer) =>
        trailer is not null && trailer["recorded"]!.GetValue<int>() + trailer["duplicate"]!.GetValue<int>() == 1;

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
            case OptedOut:
                body["scope"] = number % 8 < 4 ? "everyone" : "lender";
                body["receivedAt"] = "2025-06-01T10:00:00+08:00";
                return ("/v1/opt-outs", number % 8 < 4 ? cluster.Operator : cluster.Lender, body);
            case Released:
                return ("/v1/bindings/release", cluster.Lender, body);
            default:
                body["eventId"] = $"e-{number}";
                body["kind"] = kind;
                body["effectiveOn"] = "2025-06-01";
                return ("/v1/carrier-events", cluster.Carrier, body);
        }
    }

    /// <summary>Of a batch, the one result that it has.</summary>
    private static bool IsRecorded(JsonNode said) =>
        said["results"] is not { } results
        || results[0]!["status"]?.GetValue<string>() is "recorded" or "duplicate";

    private static string TextOf(int number) => TextOf(number % Blocks, number / Blocks);

    private static string TextOf(int block, int offset) => $"+861380{1_000 + block:0000}{offset:0000}";
}
