using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>
/// Lets in who presents a live access key with the scope that an operation needs, so many requests of a party at once.
/// </summary>
/// <remarks>
/// Not the framework's handlers, policies and limiter: for one kind of credential they took a fifth of a check's time.
/// A key is compared with the registry as it is at this moment, validated for every request. What was found for it is
/// kept with the connection while the registry stands still, since most clients repeat their key.
/// </remarks>
internal sealed class Gate(IRegistryReader registry) : IDisposable
{
    private const string Bearer = "Bearer ";
    private static readonly object Kept = new();

    private readonly ConcurrentDictionary<string, ConcurrencyLimiter> _limiters = new();

    /// <exception cref="LedgerUnavailableException">The registry could not be validated.</exception>
    public async ValueTask<Admission> AdmitAsync(HttpContext http, string scope)
    {
        string? header = http.Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header)) return Refuse(http, ProblemCatalog.CredentialMissing, scope);

        RegistryState state = await registry.ReadAsync(CancellationToken.None);
        return Judge(http, state, header, scope, out Presented? presented) is { } refusal
            ? Refuse(http, refusal, scope)
            : Enter(presented!, null);
    }

    /// <summary>
    /// By the registry as it was last read, so that an answer that changes nothing is made in the same read of heads;
    /// it is given once <see cref="ObjectionAsync"/> finds nothing against it.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">The registry could not be validated.</exception>
    public ValueTask<Admission> AdmitForAnswerAsync(HttpContext http, string scope)
    {
        string? header = http.Request.Headers.Authorization;
        KnownRegistry known = registry.Known;
        return header is { Length: > 0 } && Judge(http, known.State, header, scope, out Presented? presented) is null
            ? new(Enter(presented!, known))
            : AdmitAsync(http, scope);
    }

    /// <returns>Why the caller is not let in after all; null: the answer may be given.</returns>
    /// <exception cref="LedgerUnavailableException">The registry could not be validated.</exception>
    public async ValueTask<ProblemKind?> ObjectionAsync(HttpContext http, string scope, KnownRegistry known)
    {
        RegistryState state = await registry.ReadSinceAsync(known);
        if (ReferenceEquals(state, known.State)) return null;

        string header = http.Request.Headers.Authorization!;
        ProblemKind? refusal = Judge(http, state, header, scope, out _);
        return refusal is null ? null : Refuse(http, refusal, scope).Problem;
    }

    public void Dispose()
    {
        foreach (ConcurrencyLimiter limiter in _limiters.Values) limiter.Dispose();
    }

    private static Admission Enter(Presented presented, KnownRegistry? known)
    {
        RateLimitLease lease = presented.Limiter.AttemptAcquire();
        return lease.IsAcquired
            ? new(presented.Caller, null, lease, known)
            : new(null, ProblemCatalog.TooManyInFlight, lease, null);
    }

    /// <returns>Why it is not let in; null: it is.</returns>
    private ProblemKind? Judge(
        HttpContext http, RegistryState state, string header, string scope, out Presented? presented)
    {
        presented = Find(http, state, header);
        if (presented is null) return ProblemCatalog.CredentialInvalid;

        return presented.Caller.Scopes.Contains(scope) ? null : ProblemCatalog.ScopeMissing;
    }

    private Presented? Find(HttpContext http, RegistryState state, string header)
    {
        IDictionary<object, object?>? connection = http.Features.Get<IConnectionItemsFeature>()?.Items;
        if (connection is not null && KeptWith(connection) is { } before
            && ReferenceEquals(before.State, state) && before.Header == header)
        {
            return before;
        }

        if (KeyOf(state, header) is not { } key) return null;

        Party party = state.Parties[key.Party];
        var presented = new Presented(
            state, header, new Caller(party.Id, party.Role, [.. key.Scopes], key.Id), LimiterOf(party.Id));
        if (connection is not null) Keep(connection, presented);
        return presented;
    }

    // Under a lock: over HTTP/2 a connection's requests run at once, and its items are a plain dictionary.
    private static Presented? KeptWith(IDictionary<object, object?> connection)
    {
        lock (connection) return connection.TryGetValue(Kept, out object? kept) ? kept as Presented : null;
    }

    private static void Keep(IDictionary<object, object?> connection, Presented presented)
    {
        lock (connection) connection[Kept] = presented;
    }

    private static PartyKey? KeyOf(RegistryState state, string header)
    {
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || !AccessKey.TryParse(header[Bearer.Length..].Trim(), out AccessKey key)
            || state.LiveKey(key.Id) is not { } stored)
        {
            return null;
        }

        Span<byte> presented = stackalloc byte[Hash256.Size];
        Span<byte> expected = stackalloc byte[Hash256.Size];
        key.Digest.Write(presented);
        stored.Digest.Write(expected);
        return CryptographicOperations.FixedTimeEquals(presented, expected) ? stored : null;
    }

    private ConcurrencyLimiter LimiterOf(string party) => _limiters.GetOrAdd(
        party, static _ => new(new ConcurrencyLimiterOptions { PermitLimit = Limits.InFlightPerPartyMax }));

    /// <summary>With the challenge of RFC 6750.</summary>
    private static Admission Refuse(HttpContext http, ProblemKind kind, string scope)
    {
        string error = kind == ProblemCatalog.CredentialInvalid ? ", error=\"invalid_token\""
            : kind == ProblemCatalog.ScopeMissing ? $", error=\"insufficient_scope\", scope=\"{scope}\"" : "";
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"numberledger\"" + error;
        return new(null, kind, null, null);
    }

    private sealed record Presented(RegistryState State, string Header, Caller Caller, ConcurrencyLimiter Limiter);
}

/// <summary>A request that was let in, or why not. Disposed when it is answered.</summary>
/// <param name="Known">By which it was let in, to be validated before it is answered; null: it is.</param>
internal readonly record struct Admission(
    Caller? Caller, ProblemKind? Problem, RateLimitLease? Lease, KnownRegistry? Known) : IDisposable
{
    public void Dispose() => Lease?.Dispose();
}
