using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>Lenders say that a holder consented, and take it back.</summary>
internal sealed class BindingEndpoints(IGrainFactory grains, Sealer sealer, BindingIds ids)
{
    public static void Map(LedgerRoutes routes)
    {
        BindingEndpoints endpoints = routes.Endpoints<BindingEndpoints>();
        routes.Post("/v1/bindings", BindingOperations.Bind, BindingRequest.Shape, endpoints.BindAsync);
        routes.Post(
            "/v1/bindings/batch", BindingOperations.BindMany, BindingBatchRequest.Shape, endpoints.BindManyAsync);
        routes.Post("/v1/bindings/release", BindingOperations.Release, ReleaseRequest.Shape, endpoints.ReleaseAsync);
        routes.Get("/v1/bindings", BindingOperations.List, routes.Endpoints<BindingPages>().ListAsync);
    }

    private async ValueTask<Reply> BindAsync(Call call, BindingRequest request)
    {
        BindReply reply = await BindAsync(call, request, 0);
        if (reply.Refusal is { } refusal) return ProblemReply.Of(refusal);

        var response = BindingResponse.Of(ids.Of(call.Caller.Party, request.Number), reply.Status, reply.Reason);
        return new JsonReply<BindingResponse>(StatusCodes.Status201Created, response, Json.Types.BindingResponse);
    }

    private async ValueTask<Reply> BindManyAsync(Call call, BindingBatchRequest batch)
    {
        var results = new BindingResult[batch.Bindings.Length];
        var numbers = new Dictionary<PhoneNumber, List<int>>();
        for (int i = 0; i < results.Length; i++)
        {
            (BindingRequest? request, Faults? faults) = batch.Bindings[i];
            if (faults is not null)
            {
                results[i] = new BindingResult(null, null, null, ProblemBody.Of(faults));
            }
            else
            {
                if (!numbers.TryGetValue(request!.Number, out List<int>? places))
                {
                    numbers.Add(request.Number, places = []);
                }

                places.Add(i);
            }
        }

        await Bounded.ForEachAsync(numbers.Values, async places =>
        {
            foreach (int i in places) results[i] = await ResultOfAsync(call, batch.Bindings[i].Value!, i);
        });
        return new JsonReply<BindingBatchResponse>(
            StatusCodes.Status200OK, new BindingBatchResponse(results), Json.Types.BindingBatchResponse);
    }

    private async Task<BindingResult> ResultOfAsync(Call call, BindingRequest request, int index)
    {
        BindReply reply = await BindAsync(call, request, index);
        if (reply.Refusal is { } refusal) return new(null, null, null, ProblemBody.Of(ProblemCatalog.Of(refusal)));

        var bound = BindingResponse.Of(ids.Of(call.Caller.Party, request.Number), reply.Status, reply.Reason);
        return new(bound.BindingId, bound.Status, bound.Reason, null);
    }

    private Task<BindReply> BindAsync(Call call, BindingRequest request, int index) =>
        // Not cancelled with the caller: what was begun is finished.
        grains.Number(sealer, request.Number).BindAsync(
            new BindCommand(request.Number, request.ClaimOf(call.Caller.Party), call.Commands.At(index)),
            CancellationToken.None);

    private async ValueTask<Reply> ReleaseAsync(Call call, ReleaseRequest request)
    {
        string lender = call.Caller.Party;
        if (request.Number is not { } number && !ids.TryFind(request.BindingId!, lender, out number))
        {
            return ProblemReply.Of(Refusal.BindingUnknown);
        }

        CommandReply reply = await grains.Number(sealer, number).ReleaseAsync(
            new ReleaseCommand(number, lender, call.Commands.At(0)), CancellationToken.None);
        if (reply.Refusal is { } refusal) return ProblemReply.Of(refusal);

        return new JsonReply<ReleaseResponse>(
            StatusCodes.Status200OK, new ReleaseResponse(ids.Of(lender, number), BindingState.Released),
            Json.Types.ReleaseResponse);
    }
}
