using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace NumberLedger.Bench.Compare;

/// <summary>Asks the questions of a file as checks in batches of JSON: another way into the same ledger.</summary>
internal static class SingleChecks
{
    private const int ChecksPerBatch = 10_000;

    /// <summary>Writes the lines as they were, with verdict and decisive reason.</summary>
    public static async Task RunAsync(HttpClient lender, string questions, string answers)
    {
        await using var file = new StreamWriter(answers) { NewLine = "\n" };
        foreach (string[] lines in File.ReadLines(questions).Skip(1).Chunk(ChecksPerBatch))
        {
            var checks = new JsonArray([.. lines.Select(CheckOf)]);
            using HttpResponseMessage response = await lender.PostAsJsonAsync(
                "/v1/checks/batch", new JsonObject { ["checks"] = checks });
            response.EnsureSuccessStatusCode();
            JsonNode answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
            foreach ((string line, JsonNode? result) in lines.Zip(answer["results"]!.AsArray()))
            {
                JsonArray reasons = result!["reasons"]!.AsArray();
                await file.WriteLineAsync($"{line},{result["verdict"]},{(reasons.Count > 0 ? reasons[0] : "")}");
            }
        }
    }

    private static JsonNode CheckOf(string line)
    {
        string[] fields = line.Split(',');
        var check = new JsonObject { ["number"] = fields[0], ["purpose"] = fields[1] };
        if (fields[2].Length > 0) check["consentedOn"] = fields[2];
        return check;
    }
}
