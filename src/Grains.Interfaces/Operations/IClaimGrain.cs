namespace NumberLedger.Grains;

/// <summary>
/// One idempotency key of one tenant. Key: hexadecimal H(tenant, idempotency key), see <see cref="GrainKeys"/>.
/// </summary>
/// <remarks>
/// Stored are the claim and its answer. That a request is still running is known only in memory: after a crash the
/// claim without an answer is run again, under the same command ids, which records nothing twice.
/// </remarks>
[GrainInterfaceType("claim"), Alias("claim")]
public interface IClaimGrain : IGrainWithStringKey
{
    /// <param name="digest">Keyed digest of the request.</param>
    [Alias("claim")]
    Task<ClaimReply> ClaimAsync(Hash256 digest, CancellationToken cancellationToken);

    /// <summary>Stores the answer, and lets go.</summary>
    [Alias("answer")]
    Task AnswerAsync(ClaimAnswer answer, CancellationToken cancellationToken);

    /// <summary>
    /// Lets go without an answer: the outcome is unknown, and the next request with the key runs again.
    /// </summary>
    [Alias("abandon")]
    Task AbandonAsync();
}

/// <param name="ClaimedAt">
/// When the key was first claimed, whole milliseconds: tells one use of a key from a later one.
/// </param>
/// <param name="Answer">Only with <see cref="ClaimOutcome.Answered"/>.</param>
[GenerateSerializer, Immutable, Alias("claim-reply.v1")]
public sealed record ClaimReply(
    [property: Id(0)] ClaimOutcome Outcome, [property: Id(1)] DateTimeOffset ClaimedAt,
    [property: Id(2)] ClaimAnswer? Answer);

public enum ClaimOutcome : byte
{
    /// <summary>Run the request, then answer or abandon.</summary>
    Yours = 1,
    Answered = 2,
    StillRunning = 3,
    OtherRequest = 4,
}
