using System.Text.Json.Nodes;

namespace NumberLedger.Silo;

/// <summary>Brings the sample into a ledger through its API, each party with its own key.</summary>
internal sealed class DemoLoad(string samples, string url, JsonNode keys) : IDisposable
{
    private const int BatchItems = 1_000;
    private const int AtOnce = 8;

    private readonly LedgerClient _operator = new(url, keys["operator"]!["key"]!.GetValue<string>());

    public LedgerClient Lender { get; } = new(url, keys["lender"]!["key"]!.GetValue<string>());

    /// <returns>How many of each were recorded: ranges, events, bindings, opt-outs.</returns>
    public async Task<(int Ranges, int Events, int Bindings, int OptOuts)> RunAsync(CancellationToken cancellationToken)
    {
        foreach (string[] carrier in Rows("carriers.csv"))
        {
            await _operator.PostAsync(
                "/v1/parties",
                new JsonObject { ["id"] = carrier[0], ["name"] = carrier[1], ["role"] = "carrier" },
                cancellationToken);
        }

        int ranges = 0;
        foreach (string[] range in Rows("ranges.csv"))
        {
            var body = new JsonObject
            {
                ["carrier"] = range[0],
                ["from"] = range[1],
                ["to"] = range[2],
                ["trackedSince"] = range[3],
            };
            await _operator.PostAsync("/v1/ranges", body, cancellationToken);
            ranges++;
        }

        int bindings = await BindAsync(cancellationToken);
        int events = 0;
        foreach (string[] carrier in Rows("carriers.csv")) events += await ReportAsync(carrier[0], cancellationToken);

        string[] refusals = [.. File.ReadLines(Path.Combine(samples, "opt-outs.ndjson"))];
        await EachAsync(refusals, line =>
        {
            JsonNode refusal = JsonNode.Parse(line)!;
            LedgerClient by = refusal["scope"]!.GetValue<string>() == "everyone" ? _operator : Lender;
            return by.PostAsync("/v1/opt-outs", refusal, cancellationToken);
        });
        await EachAsync([.. Rows("releases.csv")], row =>
            Lender.PostAsync("/v1/bindings/release", new JsonObject { ["number"] = row[0] }, cancellationToken));
        return (ranges, events, bindings, refusals.Length);
    }

    /// <summary>Everything that is recorded of a number, for an operator's eyes.</summary>
    public async Task<JsonArray> HistoryAsync(string number, CancellationToken cancellationToken)
    {
        JsonNode answer = await _operator.PostAsync(
            "/v1/numbers/history", new JsonObject { ["number"] = number }, cancellationToken);
        return answer["entries"]!.AsArray();
    }

    public IEnumerable<string[]> Rows(string file) =>
        File.ReadLines(Path.Combine(samples, file)).Skip(1).Select(line => line.Split(','));

    public void Dispose()
    {
        _operator.Dispose();
        Lender.Dispose();
    }

    private async Task<int> BindAsync(CancellationToken cancellationToken)
    {
        int bound = 0;
        await EachAsync([.. Rows("bindings.csv").Chunk(BatchItems)], async rows =>
        {
            JsonNode[] items = [.. rows.Select(row =>
            {
                var item = new JsonObject
                {
                    ["number"] = row[0],
                    ["role"] = row[1],
                    ["purposes"] = new JsonArray([.. row[2].Split(' ').Select(purpose => (JsonNode)purpose)]),
                    ["consentedAt"] = row[3],
                };
                if (row[4].Length > 0) item["expiresAt"] = row[4];
                return item;
            })];
            JsonNode answer = await Lender.PostAsync(
                "/v1/bindings/batch", new JsonObject { ["bindings"] = new JsonArray(items) }, cancellationToken);
            Interlocked.Add(ref bound, answer["results"]!.AsArray().Count(result => result!["bindingId"] is not null));
        });
        return bound;
    }

    private async Task<int> ReportAsync(string carrier, CancellationToken cancellationToken)
    {
        JsonNode key = await _operator.PostAsync($"/v1/parties/{carrier}/keys", new JsonObject(), cancellationToken);
        using var client = new LedgerClient(url, key["key"]!.GetValue<string>());
        int recorded = 0;
        // In the order of the file: what names an earlier event may come right after it.
        string file = Path.Combine(samples, $"carrier-events.{carrier}.ndjson");
        foreach (string[] lines in File.ReadLines(file).Chunk(BatchItems))
        {
            var events = new JsonArray([.. lines.Select(line => JsonNode.Parse(line)!)]);
            JsonNode answer = await client.PostAsync(
                "/v1/carrier-events", new JsonObject { ["events"] = events }, cancellationToken);
            recorded += answer["results"]!.AsArray()
                .Count(result => result!["status"]!.GetValue<string>() == "recorded");
        }

        return recorded;
    }

    private static Task EachAsync<T>(T[] items, Func<T, Task> work) =>
        Parallel.ForEachAsync(
            items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (item, _) => await work(item));
}
