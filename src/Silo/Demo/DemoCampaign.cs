using System.Text.Json.Nodes;

namespace NumberLedger.Silo;

/// <param name="Line">Of the campaign list: number, purpose, date.</param>
internal sealed record CampaignAnswer(string[] Line, string Verdict, string[] Reasons);

/// <summary>Checks the campaign list, and writes it down again with the answers.</summary>
internal static class DemoCampaign
{
    private const int BatchItems = 10_000;

    public static async Task<List<CampaignAnswer>> CheckAsync(
        DemoLoad load, string resultFile, CancellationToken cancellationToken)
    {
        var answers = new List<CampaignAnswer>();
        await using var result = new StreamWriter(resultFile);
        await result.WriteLineAsync("number,purpose,date,verdict,reasons");
        foreach (string[][] rows in load.Rows("campaign.csv").Chunk(BatchItems))
        {
            JsonNode[] checks = [.. rows.Select(row =>
            {
                var check = new JsonObject { ["number"] = row[0], ["purpose"] = row[1] };
                if (row[2].Length > 0) check["consentedOn"] = row[2];
                return check;
            })];
            JsonNode reply = await load.Lender.PostAsync(
                "/v1/checks/batch", new JsonObject { ["checks"] = new JsonArray(checks) }, cancellationToken);
            JsonArray results = reply["results"]!.AsArray();
            for (int i = 0; i < rows.Length; i++)
            {
                CampaignAnswer answer = Read(rows[i], results[i]!);
                answers.Add(answer);
                await result.WriteLineAsync(
                    $"{string.Join(',', answer.Line)},{answer.Verdict},{string.Join(' ', answer.Reasons)}");
            }
        }

        return answers;
    }

    private static CampaignAnswer Read(string[] line, JsonNode result) => result["problem"] is { } problem
        ? new CampaignAnswer(line, "problem", [problem["code"]!.GetValue<string>()])
        : new CampaignAnswer(
            line,
            result["verdict"]!.GetValue<string>(),
            [.. result["reasons"]!.AsArray().Select(reason => reason!.GetValue<string>())]);
}
