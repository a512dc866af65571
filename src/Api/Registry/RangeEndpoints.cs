using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>Operators say which carrier reports on which numbers.</summary>
internal sealed class RangeEndpoints(IGrainFactory grains, IRegistryReader registry)
{
    private const string Example =
        """{"carrier":"demo-carrier","from":"+8613800000000","to":"+8613800009999","trackedSince":"2020-01-01"}""";

    private static readonly ProblemKind[] EndsProblems =
    [
        ProblemCatalog.RangeReversed,
        ProblemCatalog.RangeLengthsDiffer,
        ProblemCatalog.RangeNotThousands,
        ProblemCatalog.RangeTooLarge,
        ProblemCatalog.OfReference(Refusal.PartyUnknown),
        ProblemCatalog.Of(Refusal.PartyOfOtherRole),
    ];

    public static readonly Operation Set = new(
        "postRange", "Ranges", "Let a carrier report on a range of numbers, or change since when.",
        $"Whole thousands, at most {Limits.RangeNumbersMax} numbers a call. It is recorded in every block that it touches; if the "
        + "answer is not a 2xx, send it again: it completes what was left half done.")
    {
        Scope = Scopes.ManageRanges,
        TakesRegion = true,
        IsWrite = true,
        Answers =
        [
            new(201, "New, or changed.", typeof(RangeResponse), Example),
            new(200, "It was so before.", typeof(RangeResponse), Example),
        ],
        Problems = [.. EndsProblems, ProblemCatalog.TrackedSinceOutOfRange, ProblemCatalog.Of(Refusal.RangeOverlaps)],
    };

    public static readonly Operation End = new(
        "postRangeEnd", "Ranges", "End a carrier's range, or a part of it.",
        "From then on the record does not speak about its numbers: checks of them are unknown, unless already denied.")
    {
        Scope = Scopes.ManageRanges,
        TakesRegion = true,
        IsWrite = true,
        Answers =
        [
            new(200, "Ended, now or before.", typeof(RangeEndResponse),
                """{"carrier":"demo-carrier","from":"+8613800000000","to":"+8613800009999"}"""),
        ],
        Problems = EndsProblems,
    };

    public static readonly Operation List = new(
        "getRanges", "Ranges", "List ranges.", "A carrier sees its own; operators and auditors all. What was set, less what was set anew or ended, by carrier and number.")
    {
        Scope = Scopes.ReadRanges,
        Answers = [new(200, "The ranges.", typeof(RangeList), $$"""{"ranges":[{{Example}}]}""")],
    };

    public static void Map(LedgerRoutes routes)
    {
        RangeEndpoints endpoints = routes.Endpoints<RangeEndpoints>();
        routes.Post("/v1/ranges", Set, RangeRequest.Shape, endpoints.SetAsync);
        routes.Post("/v1/ranges/end", End, RangeEndRequest.Shape, endpoints.EndAsync);
        routes.Get("/v1/ranges", List, endpoints.ListAsync);
    }

    private async ValueTask<Reply> SetAsync(Call call, RangeRequest request)
    {
        var range = new LedgerEvent.RangeListed(request.Carrier, request.From, request.To, request.TrackedSince);
        CommandReply reply = await grains.Registry().SetRangeAsync(
            new RegistryCommand<LedgerEvent.RangeListed>(range, call.Commands.At(0)), CancellationToken.None);
        if (reply.Refusal is { } refusal) return Refused(refusal);

        int status = reply.Outcome is CommandOutcome.Recorded ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return new JsonReply<RangeResponse>(status, Of(range), Json.Types.RangeResponse);
    }

    private async ValueTask<Reply> EndAsync(Call call, RangeEndRequest request)
    {
        var range = new LedgerEvent.RangeDelisted(request.Carrier, request.From, request.To);
        CommandReply reply = await grains.Registry().EndRangeAsync(
            new RegistryCommand<LedgerEvent.RangeDelisted>(range, call.Commands.At(0)), CancellationToken.None);
        if (reply.Refusal is { } refusal) return Refused(refusal);

        var response = new RangeEndResponse(request.Carrier, request.From.ToE164(), request.To.ToE164());
        return new JsonReply<RangeEndResponse>(StatusCodes.Status200OK, response, Json.Types.RangeEndResponse);
    }

    private async ValueTask<Reply> ListAsync(Call call)
    {
        RegistryState state = await registry.ReadAsync(call.Http.RequestAborted);
        bool seesAll = call.Caller.Role is not PartyRole.Carrier;
        RangeResponse[] ranges =
        [
            .. state.Ranges.Where(range => seesAll || range.Carrier == call.Caller.Party)
                .OrderBy(range => range.Carrier, StringComparer.Ordinal).ThenBy(range => range.From)
                .Select(Of),
        ];
        return new JsonReply<RangeList>(StatusCodes.Status200OK, new RangeList(ranges), Json.Types.RangeList);
    }

    private static ProblemReply Refused(Refusal refusal) =>
        refusal is Refusal.PartyUnknown or Refusal.PartyOfOtherRole
            ? ProblemReply.OfReference(refusal, "/carrier")
            : ProblemReply.Of(refusal);

    private static RangeResponse Of(LedgerEvent.RangeListed range) =>
        new(range.Carrier, range.From.ToE164(), range.To.ToE164(), range.TrackedSince);
}
