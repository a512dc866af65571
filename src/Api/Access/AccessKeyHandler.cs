using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>Lets in who presents a live access key, as the registry has it at this moment.</summary>
internal sealed class AccessKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    IRegistryReader registry, KnownCallers callers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "AccessKey";

    private const string Bearer = "Bearer ";
    private static readonly AuthenticateResult Invalid = AuthenticateResult.Fail(
        "The access key is not known, or was revoked.");

    /// <exception cref="LedgerUnavailableException">The registry could not be validated.</exception>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? header = Request.Headers.Authorization;
        if (header is null || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (!AccessKey.TryParse(header[Bearer.Length..].Trim(), out AccessKey key)) return Task.FromResult(Invalid);

        ValueTask<RegistryState> reading = registry.ReadAsync(CancellationToken.None);
        return reading.IsCompletedSuccessfully ? Task.FromResult(Find(reading.Result, key)) : FindAsync(reading, key);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = HasCredential(Request)
            ? "Bearer realm=\"numberledger\", error=\"invalid_token\""
            : "Bearer realm=\"numberledger\"";
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        string? scope = Context.GetEndpoint()?.Metadata.GetMetadata<AuthorizeAttribute>()?.Policy;
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Response.Headers.WWWAuthenticate =
            $"Bearer realm=\"numberledger\", error=\"insufficient_scope\", scope=\"{scope}\"";
        return Task.CompletedTask;
    }

    public static bool HasCredential(HttpRequest request) => !string.IsNullOrEmpty(request.Headers.Authorization);

    private async Task<AuthenticateResult> FindAsync(ValueTask<RegistryState> reading, AccessKey key) =>
        Find(await reading, key);

    private AuthenticateResult Find(RegistryState state, AccessKey key)
    {
        if (!state.Keys.TryGetValue(key.Id, out PartyKey? stored) || stored.RevokedAt is not null) return Invalid;

        Span<byte> presented = stackalloc byte[Hash256.Size];
        Span<byte> expected = stackalloc byte[Hash256.Size];
        key.Digest.Write(presented);
        stored.Digest.Write(expected);
        return CryptographicOperations.FixedTimeEquals(presented, expected)
            ? AuthenticateResult.Success(new AuthenticationTicket(callers.Of(state, stored), SchemeName))
            : Invalid;
    }
}

/// <summary>
/// Principals of keys that were let in, made once. What they hold cannot change while the key is the same.
/// </summary>
internal sealed class KnownCallers
{
    private readonly ConcurrentDictionary<string, (PartyKey Key, ClaimsPrincipal Principal)> _known = new();

    public ClaimsPrincipal Of(RegistryState state, PartyKey key)
    {
        if (_known.TryGetValue(key.Id, out var known) && ReferenceEquals(known.Key, key)) return known.Principal;

        Party party = state.Parties[key.Party];
        var identity = new CallerIdentity(
            new Caller(party.Id, party.Role, [.. key.Scopes]), AccessKeyHandler.SchemeName);
        var principal = new ClaimsPrincipal(identity);
        _known[key.Id] = (key, principal);
        return principal;
    }
}
