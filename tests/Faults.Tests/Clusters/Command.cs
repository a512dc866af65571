using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>As a history names them.</summary>
internal static class Kinds
{
    public const string Bound = "bound", Released = "released", OptedOut = "opted_out", Disconnected = "disconnected";
}

/// <summary>
/// How a fact is told to the ledger: always by the same party, in the same words, under the same
/// key.
/// </summary>
internal sealed record Command(string Path, string Key, JsonObject Body, string? IdempotencyKey, bool ByFile)
{
    /// <param name="mayByFile">Some of what carriers report.</param>
    public static Command Of(Fact fact, string text, Cluster cluster, bool mayByFile)
    {
        var body = new JsonObject { ["number"] = text };
        string lender = fact.Lender is Lender.Second ? cluster.SecondLender : cluster.Lender;
        string idempotencyKey = $"{fact.Kind}-{fact.Number}";
        switch (fact.Kind)
        {
            case Kinds.Bound:
                body["purposes"] = new JsonArray("marketing");
                body["role"] = "borrower";
                body["consentedAt"] = "2025-05-01T10:00:00+08:00";
                body["evidence"] = new JsonObject { ["kind"] = "web_form", ["reference"] = $"form-{fact.Number}" };
                return new("/v1/bindings", lender, body, idempotencyKey, ByFile: false);
            case Kinds.OptedOut:
                bool ofEveryone = fact.Lender is Lender.Everyone;
                body["scope"] = ofEveryone ? "everyone" : "lender";
                body["receivedAt"] = "2025-06-01T10:00:00+08:00";
                return new(
                    "/v1/opt-outs", ofEveryone ? cluster.Operator : lender, body, idempotencyKey, ByFile: false);
            case Kinds.Released:
                return new("/v1/bindings/release", lender, body, idempotencyKey, ByFile: false);
            default:
                body["eventId"] = $"e-{fact.Number}";
                body["kind"] = fact.Kind;
                body["effectiveOn"] = "2025-06-01";
                return mayByFile && fact.Number % 4 == 2
                    ? new("/v1/carrier-files", cluster.Carrier, body, null, ByFile: true)
                    : new(
                        "/v1/carrier-events", cluster.Carrier, new JsonObject { ["events"] = new JsonArray(body) },
                        idempotencyKey, ByFile: false);
        }
    }

    /// <summary>Sends it once.</summary>
    /// <returns>What came of it, and what was answered.</returns>
    public async Task<(Outcome Outcome, string Said)> SendAsync(Wire wire, int node)
    {
        (int status, JsonNode? said) = ByFile
            ? await wire.SendFileAsync(node, Path, Key, Body)
            : await wire.AskAsync(node, HttpMethod.Post, Path, Key, Body, IdempotencyKey);
        bool isRecorded = ByFile
            ? status == 200 && IsRecordedByFile(said)
            : status is >= 200 and < 300 && IsRecorded(said!);
        Outcome outcome = isRecorded ? Outcome.Yes
            : status is 0 or >= 500 or 200 or 429 || IsStillRunning(said) ? Outcome.Unknown
            : Outcome.No;
        return (outcome, $"{status} {said}");
    }

    /// <summary>The attempt before has not ended yet.</summary>
    private static bool IsStillRunning(JsonNode? said) => said?["code"]?.GetValue<string>() is "idempotency-key-in-use";

    private static bool IsRecordedByFile(JsonNode? trailer) =>
        trailer is not null && trailer["recorded"]!.GetValue<int>() + trailer["duplicate"]!.GetValue<int>() == 1;

    /// <summary>Of a batch, the one result that it has.</summary>
    private static bool IsRecorded(JsonNode said) =>
        said["results"] is not { } results
        || results[0]!["status"]?.GetValue<string>() is "recorded" or "duplicate";
}
