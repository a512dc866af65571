using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>What a lender asks about a number, and what an operator passes on.</summary>
internal static class Asking
{
    /// <summary>Each answer as it came, but for the moment at which it was decided.</summary>
    public static async Task<string[]> VerdictsAsync(Parties parties, string[] numbers)
    {
        var verdicts = new List<string>();
        foreach (string[] some in numbers.Chunk(1_000))
        {
            JsonNode answer = await parties.Lender.PostAsync("/v1/checks/batch", new JsonObject
            {
                ["checks"] = new JsonArray([.. some.Select(QuestionOf)]),
            });
            verdicts.AddRange(answer["results"]!.AsArray().Select(result =>
            {
                result!.AsObject().Remove("decidedAt");
                return result.ToJsonString();
            }));
        }

        return [.. verdicts];
    }

    /// <summary>With a consent that the lender brings: no binding is needed.</summary>
    public static JsonObject QuestionOf(string number) => new()
    {
        ["number"] = number,
        ["purpose"] = "marketing",
        ["consentedOn"] = "2026-02-01",
    };

    public static Task<JsonNode> RefuseAsync(LedgerClient by, string number) => by.PostAsync(
        "/v1/opt-outs", new JsonObject { ["number"] = number, ["scope"] = "everyone" });
}
