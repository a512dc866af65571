using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>Refusals of holders, passed on by a lender or an operator.</summary>
internal sealed class OptOutEndpoints(IGrainFactory grains, IRegistryReader registry, Sealer sealer, TimeProvider time)
{
    public static readonly Operation Record = new(
        "postOptOut", "Opt-outs", "Pass on a holder's refusal.",
        "In force from the answer on. A lender passes on refusals of itself (scope lender); an operator any. Only the holder can "
        + "take a refusal back, so a lender's new consent does not lift it.")
    {
        Scope = Scopes.WriteOptOuts,
        TakesRegion = true,
        IsWrite = true,
        Answers =
        [
            new(201, "Recorded, now or before.", typeof(OptOutResponse),
                """{"scope":"lender","lender":"acme","purposes":["marketing"],"receivedAt":"2026-03-01T09:30:00+08:00"}"""),
        ],
        Problems =
        [
            ProblemCatalog.LenderNotOwn,
            ProblemCatalog.ScopeNotOwn,
            ProblemCatalog.Of(Refusal.ReceivedInFuture),
            ProblemCatalog.Of(Refusal.ReceivedTooEarly),
            ProblemCatalog.OfReference(Refusal.PartyUnknown),
            ProblemCatalog.Of(Refusal.PartyOfOtherRole),
        ],
    };

    public static void Map(LedgerRoutes routes) =>
        routes.Post("/v1/opt-outs", Record, OptOutRequest.Shape, routes.Endpoints<OptOutEndpoints>().OptOutAsync);

    private async ValueTask<Reply> OptOutAsync(Call call, OptOutRequest request)
    {
        ProblemReply? no = call.Caller.Role is PartyRole.Lender
            ? JudgeLender(call.Caller, request)
            : await JudgeOperatorAsync(request);
        if (no is not null) return no;

        string? lender = request.Scope is OptOutScope.Everyone ? null : request.Lender ?? call.Caller.Party;
        var refusal = new LedgerEvent.OptedOut(
            lender, request.Purposes ?? Purposes.All, request.ReceivedAt ?? NowAt(request.Number), call.Caller.Party);
        // Not cancelled with the caller: a refusal that reached us counts.
        OptOutReply reply = await grains.Number(sealer, request.Number).OptOutAsync(
            new OptOutCommand(request.Number, refusal, call.Commands.At(0)), CancellationToken.None);
        if (reply.Refusal is { } refused) return ProblemReply.Of(refused);

        return new JsonReply<OptOutResponse>(
            StatusCodes.Status201Created, OptOutResponse.Of(reply.Recorded!), Json.Types.OptOutResponse);
    }

    /// <summary>
    /// Written where the number's day begins first: its day as written decides whose refusal it is, and the new
    /// holder's of this morning must not read as one of yesterday.
    /// </summary>
    private DateTimeOffset NowAt(PhoneNumber number) => time.GetUtcNow().ToOffset(Country.Of(number).LatestOffset);

    private static ProblemReply? JudgeLender(Caller caller, OptOutRequest request) =>
        request.Scope is OptOutScope.Everyone ? ProblemReply.At(ProblemCatalog.ScopeNotOwn, "/scope")
        : request.Lender is { } named && named != caller.Party ? ProblemReply.At(ProblemCatalog.LenderNotOwn, "/lender")
        : null;

    private async ValueTask<ProblemReply?> JudgeOperatorAsync(OptOutRequest request)
    {
        if (request.Scope is OptOutScope.Everyone) return null;
        if (request.Lender is not { } lender)
        {
            return ProblemReply.At(
                ProblemCatalog.MemberRequired, "/lender", "An operator names the lender that was refused.");
        }

        RegistryState state = await registry.ReadAsync(CancellationToken.None);
        if (!state.Parties.TryGetValue(lender, out Party? party))
        {
            return ProblemReply.OfReference(Refusal.PartyUnknown, "/lender");
        }

        return party.Role is PartyRole.Lender ? null : ProblemReply.OfReference(Refusal.PartyOfOtherRole, "/lender");
    }
}

internal sealed record OptOutRequest(
    PhoneNumber Number, OptOutScope Scope, string? Lender, Purposes? Purposes, DateTimeOffset? ReceivedAt)
{
    private static readonly NumberField NumberField = new("number", true, "The holder's number.");

    private static readonly WordField<OptOutScope> ScopeField = new(
        "scope", true, "Whom the holder refuses: one lender, or everyone (operators only).");

    private static readonly PartyIdField LenderField = new(
        "lender", false, isReference: true,
        "With scope lender: the lender that is refused. A lender may leave it out; an operator may not.");

    private static readonly PurposesField PurposesField = new("purposes", false, "What is refused; all if absent.");

    private static readonly InstantField ReceivedAtField = new(
        "receivedAt", false,
        "When the holder said so; now if absent. Its day as written decides whose refusal it is. Not later than now, 5 minutes "
        + "for clocks; not before 1950.");

    public static readonly Shape<OptOutRequest> Shape = new(
        "OptOut", "A holder's refusal.", [NumberField, ScopeField, LenderField, PurposesField, ReceivedAtField], Read,
        """{"number":"+8613800001234","scope":"lender","purposes":["marketing"],"receivedAt":"2026-03-01T09:30:00+08:00"}""");

    private static OptOutRequest? Read(Place at)
    {
        PhoneNumber? number = NumberField.Read(at);
        OptOutScope? scope = ScopeField.Read(at);
        string? lender = LenderField.Read(at);
        Purposes? purposes = PurposesField.Read(at);
        DateTimeOffset? receivedAt = ReceivedAtField.Read(at);
        if (scope is OptOutScope.Everyone && Field.IsPresent(at, LenderField))
        {
            at.Values.Add(ProblemCatalog.MemberNotAllowed, at.PointerTo(LenderField.Name), "lender does not belong to scope everyone.");
        }

        return at.IsFaulty ? null : new(number!.Value, scope!.Value, lender, purposes, receivedAt);
    }
}

internal enum OptOutScope
{
    Lender,
    Everyone,
}

/// <summary>The refusal as it was recorded, now or before.</summary>
internal sealed record OptOutResponse(
    [property: JsonConverter(typeof(SnakeCase<OptOutScope>))]
    [property: Description("Whom the holder refuses.")]
    OptOutScope Scope,
    [property: Description("With scope lender: which.")] string? Lender,
    [property: Values(typeof(Purposes))]
    [property: Description("What is refused.")]
    string[] Purposes,
    [property: Description("When the holder said so.")] DateTimeOffset ReceivedAt)
{
    public static OptOutResponse Of(LedgerEvent.OptedOut recorded) => new(
        recorded.Lender is null ? OptOutScope.Everyone : OptOutScope.Lender, recorded.Lender,
        Words<Purposes>.Split(recorded.Purposes), recorded.ReceivedAt);
}
