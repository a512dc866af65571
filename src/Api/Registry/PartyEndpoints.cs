using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>Operators register who takes part.</summary>
internal sealed class PartyEndpoints(IGrainFactory grains, IRegistryReader registry)
{
    private const string Example = """{"id":"acme","name":"ACME Credit","role":"lender"}""";

    public static readonly Operation Register = new(
        "postParty", "Parties", "Register a party.", "The same again is a 200. A party's name and role do not change.")
    {
        Scope = Scopes.ManageParties,
        IsWrite = true,
        Answers =
        [
            new(201, "Registered.", typeof(PartyResponse), Example),
            new(200, "It was registered before, with the same name and role.", typeof(PartyResponse), Example),
        ],
        Problems = [ProblemCatalog.Of(Refusal.PartyExists)],
    };

    public static readonly Operation List = new(
        "getParties", "Parties", "List all parties.", "In the order of their ids.")
    {
        Scope = Scopes.ManageParties,
        Answers = [new(200, "All parties.", typeof(PartyList), $$"""{"parties":[{{Example}}]}""")],
    };

    public static void Map(LedgerRoutes routes)
    {
        PartyEndpoints endpoints = routes.Endpoints<PartyEndpoints>();
        routes.Post("/v1/parties", Register, PartyRequest.Shape, endpoints.RegisterAsync);
        routes.Get("/v1/parties", List, endpoints.ListAsync);
    }

    private async ValueTask<Reply> RegisterAsync(Call call, PartyRequest request)
    {
        var party = new LedgerEvent.PartyRegistered(request.Id, request.Name, request.Role);
        CommandReply reply = await grains.Registry().RegisterPartyAsync(
            new RegistryCommand<LedgerEvent.PartyRegistered>(party, call.Commands.At(0)), CancellationToken.None);
        if (reply.Refusal is { } refusal) return ProblemReply.Of(refusal);

        int status = reply.Outcome is CommandOutcome.Recorded ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        var response = new PartyResponse(request.Id, request.Name, request.Role);
        return new JsonReply<PartyResponse>(status, response, Json.Types.PartyResponse);
    }

    private async ValueTask<Reply> ListAsync(Call call)
    {
        RegistryState state = await registry.ReadAsync(call.Http.RequestAborted);
        PartyResponse[] parties =
        [
            .. state.Parties.Values.OrderBy(party => party.Id, StringComparer.Ordinal)
                .Select(party => new PartyResponse(party.Id, party.Name, party.Role)),
        ];
        return new JsonReply<PartyList>(StatusCodes.Status200OK, new PartyList(parties), Json.Types.PartyList);
    }
}

internal sealed record PartyRequest(string Id, string Name, PartyRole Role)
{
    private static readonly PartyIdField IdField = new(
        "id", true, isReference: false, "Chosen by you, unique, never changed: lower-case letters, digits and inner hyphens.");

    private static readonly TextField NameField = new("name", true, Limits.PartyNameCharsMax, "For people.");

    private static readonly WordField<PartyRole> RoleField = new("role", true, "What the party may do. Never changed.");

    public static readonly Shape<PartyRequest> Shape = new(
        "Party", "Someone who takes part.", [IdField, NameField, RoleField], Read,
        """{"id":"acme","name":"ACME Credit","role":"lender"}""");

    private static PartyRequest? Read(Place at)
    {
        string? id = IdField.Read(at);
        string? name = NameField.Read(at);
        PartyRole? role = RoleField.Read(at);
        return at.IsFaulty ? null : new(id!, name!, role!.Value);
    }
}

/// <summary>Someone who takes part.</summary>
internal sealed record PartyResponse(
    [property: Description("Names the party in every call.")] string Id,
    [property: Description("For people.")] string Name,
    [property: JsonConverter(typeof(SnakeCase<PartyRole>))]
    [property: Description("What the party may do.")]
    PartyRole Role);

internal sealed record PartyList(
    [property: Description("In the order of their ids.")] IReadOnlyList<PartyResponse> Parties);
