namespace NumberLedger;

/// <summary>Remembers requests that came with an idempotency key, and what was answered.</summary>
/// <remarks>Any method may throw <see cref="StoreUnavailableException"/>.</remarks>
public interface IClaimStore
{
    /// <summary>Claims an idempotency key for one request, or says what is known of it.</summary>
    /// <returns>
    /// The stored claim: <paramref name="claim"/> itself if it is the first, otherwise the earlier one.
    /// </returns>
    /// <remarks>
    /// A driver MUST make the claim durable before it returns, MUST let exactly one of two racing claims be first, and
    /// MUST keep it for <see cref="Claim.KeptAtLeast"/> after <see cref="Claim.ClaimedAt"/>; it MAY drop it later.
    /// </remarks>
    Task<Claim> ClaimAsync(Claim claim, CancellationToken cancellationToken);

    /// <summary>Stores the answer of a claimed request. The first answer stays.</summary>
    Task AnswerAsync(UInt128 id, ClaimAnswer answer, CancellationToken cancellationToken);
}

/// <param name="Id">H(tenant, idempotency key): the key itself may say something about a person.</param>
/// <param name="Digest">
/// Keyed digest of the request: a plain hash of a phone number is reversible by enumeration.
/// </param>
/// <param name="Answer">Null until answered. A claim without an answer is run again under the same command ids.</param>
public sealed record Claim(UInt128 Id, Hash256 Digest, DateTimeOffset ClaimedAt, ClaimAnswer? Answer)
{
    public static readonly TimeSpan KeptAtLeast = TimeSpan.FromHours(24);
}

public sealed record ClaimAnswer(int Status, string ContentType, byte[] Body);
