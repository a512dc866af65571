using System.Net;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>One request that is sent, again and the same, until it is answered.</summary>
/// <param name="IdempotencyKey">Null only where the content itself says that it is the same again.</param>
/// <param name="Items">What it says, in the order of the results; one for a request that is no batch.</param>
/// <param name="IsBatch">Each item has its own result.</param>
internal sealed record Errand(
    Func<Parties, LedgerClient> By, string Path, JsonObject Body, string? IdempotencyKey, Item[] Items, bool IsBatch)
{
    /// <returns>Whether it was answered. Everything it says has its <see cref="Fate"/> then.</returns>
    public async Task<bool> TrySendAsync(Parties parties)
    {
        foreach (Item item in Items) item.SetSent();
        Answer? answer = await By(parties).TryPostAsync(Path, Body, IdempotencyKey);
        if (answer is null or { Status: >= HttpStatusCode.InternalServerError }) return false;

        Assert.True(answer.IsSuccess || (!IsBatch && IsRefusal(answer)), $"{Path} answered {answer}");
        JsonNode json = answer.ReadJson();
        for (int i = 0; i < Items.Length; i++)
        {
            bool recorded = IsBatch ? IsRecorded(json["results"]![i]!) : answer.IsSuccess;
            Items[i].SetFate(recorded ? Fate.Recorded : Fate.Refused);
        }

        return true;
    }

    /// <summary>After a release, or a later consent, another writer's binding may be refused.</summary>
    private static bool IsRefusal(Answer answer) => answer.Status is HttpStatusCode.Conflict
        && answer.ReadJson()["code"]!.GetValue<string>() is "consent-older" or "consent-before-release";

    private static bool IsRecorded(JsonNode result) =>
        result["problem"] is null && result["status"]!.GetValue<string>() is not "refused";
}

/// <param name="Ends">Whether no check may say allow once it is acknowledged.</param>
internal sealed record Item(Line Line, string Mark, bool Ends = false, bool Binds = false)
{
    public void SetSent()
    {
        Line.Sent.TryAdd(Mark, Fate.Unknown);
        Line.SetNews();
        if (Ends) Line.SetMayBeEnded();
    }

    public void SetFate(Fate fate)
    {
        Fate before = Line.Sent.GetOrAdd(Mark, fate);
        Assert.True(before is Fate.Unknown || before == fate, $"{Mark} was {before}, and sent again it is {fate}.");
        Line.Sent[Mark] = fate;
        if (fate is not Fate.Recorded) return;
        if (Binds) Line.SetBound();
        if (Ends) Line.SetEnded();
    }
}
