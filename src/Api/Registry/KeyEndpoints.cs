using System.ComponentModel;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>
/// Operators make and revoke access keys. To rotate: make the new one, move to it, revoke the old one.
/// </summary>
internal sealed class KeyEndpoints(IGrainFactory grains, IRegistryReader registry, NewKeys keys)
{
    private static readonly Operation.Parameter KeyId = new(
        "keyId", "path", "The key's id.", new FieldSchema("string"), "9f86d081884c7d65");

    public static readonly Operation Create = new(
        "postPartyKey", "Parties", "Make an access key for a party.",
        $"The key is told in this answer only and stored as a hash. Up to {RegistryRules.LiveKeysMax} may live at once, so that "
        + "keys can be rotated without a pause. Repeated with the same Idempotency-Key, the answer has the same key: it is made "
        + "again, not stored.")
    {
        Scope = Scopes.ManageParties,
        IsWrite = true,
        AnswersAreSecret = true,
        Parameters = [Operation.Parameter.Party],
        Answers =
        [
            new(201, "Made.", typeof(KeyResponse),
                """{"keyId":"9f86d081884c7d65","key":"nl_9f86d081884c7d65...","scopes":["checks:run"]}"""),
        ],
        Problems =
        [
            ProblemCatalog.Of(Refusal.PartyUnknown),
            ProblemCatalog.Of(Refusal.KeysTooMany),
            ProblemCatalog.Of(Refusal.ScopeOfOtherRole),
        ],
    };

    public static readonly Operation List = new(
        "getPartyKeys", "Parties", "List a party's keys.", "Revoked ones too, never the keys themselves.")
    {
        Scope = Scopes.ManageParties,
        Parameters = [Operation.Parameter.Party],
        Answers =
        [
            new(200, "Its keys, oldest first.", typeof(KeyList),
                """{"keys":[{"keyId":"9f86d081884c7d65","scopes":["checks:run"],"addedAt":"2026-03-01T01:30:00+00:00"}]}"""),
        ],
        Problems = [ProblemCatalog.Of(Refusal.PartyUnknown)],
    };

    public static readonly Operation Revoke = new(
        "deletePartyKey", "Parties", "Revoke an access key.", "It lets nobody in from the answer on.")
    {
        Scope = Scopes.ManageParties,
        IsWrite = true,
        Parameters = [Operation.Parameter.Party, KeyId],
        Answers = [new(204, "Revoked, now or before.")],
        Problems = [ProblemCatalog.Of(Refusal.KeyUnknown)],
    };

    public static void Map(LedgerRoutes routes)
    {
        KeyEndpoints endpoints = routes.Endpoints<KeyEndpoints>();
        routes.Post("/v1/parties/{id}/keys", Create, KeyRequest.Shape, endpoints.CreateAsync);
        routes.Get("/v1/parties/{id}/keys", List, endpoints.ListAsync);
        routes.Delete("/v1/parties/{id}/keys/{keyId}", Revoke, endpoints.RevokeAsync);
    }

    private async ValueTask<Reply> CreateAsync(Call call, KeyRequest request)
    {
        RegistryState state = await registry.ReadAsync(CancellationToken.None);
        if (!state.Parties.TryGetValue(PartyOf(call), out Party? party)) return ProblemReply.Of(Refusal.PartyUnknown);

        CommandId? command = call.Commands.At(0);
        AccessKey key = keys.Make(command);
        IReadOnlyList<string> scopes = request.Scopes ?? Scopes.Of(party.Role);
        var added = new LedgerEvent.KeyAdded(key.Id, party.Id, key.Digest, new EquatableList<string>(scopes));
        CommandReply reply = await grains.Registry().AddKeyAsync(
            new RegistryCommand<LedgerEvent.KeyAdded>(added, command), CancellationToken.None);
        if (reply.Refusal is Refusal.ScopeOfOtherRole)
        {
            return ProblemReply.OfReference(Refusal.ScopeOfOtherRole, "/scopes");
        }

        if (reply.Refusal is { } refusal) return ProblemReply.Of(refusal);

        call.Http.Response.Headers.CacheControl = "no-store";
        return new JsonReply<KeyResponse>(
            StatusCodes.Status201Created, new KeyResponse(key.Id, key.Text, scopes), Json.Types.KeyResponse);
    }

    private async ValueTask<Reply> ListAsync(Call call)
    {
        RegistryState state = await registry.ReadAsync(call.Http.RequestAborted);
        string party = PartyOf(call);
        if (!state.Parties.ContainsKey(party)) return ProblemReply.Of(Refusal.PartyUnknown);

        KeyItem[] found =
        [
            .. state.Keys.Values.Where(key => key.Party == party)
                .OrderBy(key => key.AddedAt).ThenBy(key => key.Id, StringComparer.Ordinal)
                .Select(key => new KeyItem(key.Id, key.Scopes, key.AddedAt, key.RevokedAt)),
        ];
        return new JsonReply<KeyList>(StatusCodes.Status200OK, new KeyList(found), Json.Types.KeyList);
    }

    private async ValueTask<Reply> RevokeAsync(Call call)
    {
        var command = new RevokeKeyCommand(
            PartyOf(call), (string)call.Http.Request.RouteValues["keyId"]!, call.Commands.At(0));
        CommandReply reply = await grains.Registry().RevokeKeyAsync(command, CancellationToken.None);
        return reply.Refusal is { } refusal ? ProblemReply.Of(refusal) : EmptyReply.NoContent;
    }

    private static string PartyOf(Call call) => (string)call.Http.Request.RouteValues["id"]!;
}

/// <summary>Draws access keys.</summary>
internal sealed class NewKeys(MasterKey master)
{
    private readonly byte[] _key = master.Derive("nl/access-key/1");

    /// <param name="command">
    /// Then the key is derived from it: a command that is run again, after a crash or for a repeated request, finds the
    /// key that it recorded, although the key is stored nowhere. Command ids come from idempotency keys by way of the
    /// master key.
    /// </param>
    public AccessKey Make(CommandId? command)
    {
        Span<byte> random = stackalloc byte[HMACSHA512.HashSizeInBytes];
        if (command is { } id)
        {
            HMACSHA512.HashData(_key, id.ToArray(), random);
        }
        else
        {
            RandomNumberGenerator.Fill(random);
        }

        return AccessKey.Make(random);
    }
}

internal sealed record KeyRequest(IReadOnlyList<string>? Scopes)
{
    private static readonly ScopesField ScopesField = new(
        "scopes", false, "What the key may do: some of its role's scopes; all if absent.");

    public static readonly Shape<KeyRequest> Shape = new(
        "Key", "What a new key may do.", [ScopesField], Read, """{"scopes":["checks:run"]}""");

    private static KeyRequest Read(Place at) => new(ScopesField.Read(at));
}

/// <summary>A new key. It is not told again.</summary>
internal sealed record KeyResponse(
    [property: Description("Names the key, and is no secret: it is a part of the key.")] string KeyId,
    [property: Description("A secret: send it as Authorization: Bearer.")] string Key,
    [property: Description("What the key may do.")] IReadOnlyList<string> Scopes);

internal sealed record KeyList([property: Description("Oldest first.")] IReadOnlyList<KeyItem> Keys);

/// <summary>What is known of a key; the key itself is stored nowhere.</summary>
internal sealed record KeyItem(
    [property: Description("Names the key.")] string KeyId,
    [property: Description("What the key may do.")] IReadOnlyList<string> Scopes,
    [property: Description("When it was made.")] DateTimeOffset AddedAt,
    [property: Description("Since when it lets nobody in; absent while it lives.")] DateTimeOffset? RevokedAt);
