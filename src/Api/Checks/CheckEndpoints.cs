using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>May I send? One number, or ten thousand.</summary>
internal sealed class CheckEndpoints(IBlockReader blocks, TimeProvider time)
{
    private const string ConsentedOn = "consentedOn";
    private const string OnBehalfOf = "onBehalfOf";

    public static void Map(LedgerRoutes routes)
    {
        CheckEndpoints endpoints = routes.Endpoints<CheckEndpoints>();
        routes.Post("/v1/checks", CheckOperations.One, CheckRequest.Shape, endpoints.CheckAsync);
        routes.Post("/v1/checks/batch", CheckOperations.Batch, CheckBatchRequest.Shape, endpoints.CheckManyAsync);
    }

    private async ValueTask<Reply> CheckAsync(Call call, CheckRequest check)
    {
        if (Judge(call.Caller, check) is { } fault)
        {
            return ProblemReply.At(fault.Kind, "/" + fault.Member, fault.Detail);
        }

        NumberBlock block = NumberBlock.Of(check.Number);
        CheckReply reply = await blocks.CheckAsync(block, new CheckQuery(call.Caller.Party, [ItemOf(check)]));
        var answer = CheckResponse.Of(reply.Answers[0], new AsOf(block.ToString(), reply.Position), reply.DecidedAt);
        return new JsonReply<CheckResponse>(StatusCodes.Status200OK, answer, Json.Types.CheckResponse);
    }

    private async ValueTask<Reply> CheckManyAsync(Call call, CheckBatchRequest batch)
    {
        var results = new CheckResult[batch.Checks.Length];
        var placesOf = new Dictionary<NumberBlock, List<int>>();
        for (int i = 0; i < results.Length; i++)
        {
            (CheckRequest? check, Faults? faults) = batch.Checks[i];
            if (faults is not null)
            {
                results[i] = CheckResult.Of(ProblemBody.Of(faults));
            }
            else if (Judge(call.Caller, check!) is { } fault)
            {
                var found = new Faults();
                found.Add(fault.Kind, $"/{CheckBatchRequest.List}/{i}/{fault.Member}", fault.Detail);
                results[i] = CheckResult.Of(ProblemBody.Of(found));
            }
            else
            {
                NumberBlock block = NumberBlock.Of(check!.Number);
                if (!placesOf.TryGetValue(block, out List<int>? places)) placesOf.Add(block, places = []);
                places.Add(i);
            }
        }

        await Bounded.ForEachAsync(placesOf, async pair =>
        {
            (NumberBlock block, List<int> places) = pair;
            CheckItem[] items = [.. places.Select(place => ItemOf(batch.Checks[place].Value!))];
            CheckReply reply = await blocks.CheckAsync(block, new CheckQuery(call.Caller.Party, items));
            var asOf = new AsOf(block.ToString(), reply.Position);
            for (int i = 0; i < items.Length; i++)
            {
                results[places[i]] = CheckResult.Of(CheckResponse.Of(reply.Answers[i], asOf, reply.DecidedAt));
            }
        });
        return new JsonReply<CheckBatchResponse>(
            StatusCodes.Status200OK, new CheckBatchResponse(results), Json.Types.CheckBatchResponse);
    }

    /// <summary>What is wrong with a check that could be read; null if it may be asked.</summary>
    private (ProblemKind Kind, string Member, string? Detail)? Judge(Caller caller, CheckRequest check)
    {
        if (caller.Role is PartyRole.Agency && check.OnBehalfOf is null)
        {
            return (ProblemCatalog.MemberRequired, OnBehalfOf, "An agency names the lender for whom it asks.");
        }

        if (caller.Role is PartyRole.Agency || !(check.OnBehalfOf is null || check.OnBehalfOf == caller.Party))
        {
            return (ProblemCatalog.NotGranted, OnBehalfOf, null);
        }

        if (check.ConsentedOn is not { } day) return null;
        if (day > Country.Of(check.Number).LatestDay(time.GetUtcNow() + BindingRules.Grace))
        {
            return (ProblemCatalog.Of(Refusal.ConsentInFuture), ConsentedOn, null);
        }

        return Days.CanHold(day) ? null : (ProblemCatalog.Of(Refusal.ConsentTooEarly), ConsentedOn, null);
    }

    private static CheckItem ItemOf(CheckRequest check) => new(
        NumberBlock.OffsetOf(check.Number), check.Purpose, Days.Pack(check.ConsentedOn));
}
