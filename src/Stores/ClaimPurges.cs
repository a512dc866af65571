namespace NumberLedger.Stores;

/// <summary>When a driver deletes old claims of idempotency keys, and which.</summary>
/// <remarks>
/// One purge per so many claims, of twice as many at most: never a long pause, and old ones still go faster than new
/// ones come.
/// </remarks>
internal sealed class ClaimPurges
{
    /// <summary>Claims that one purge deletes at most.</summary>
    public const int CountMax = 2 * ClaimsPerPurge;

    private const int ClaimsPerPurge = 256;

    /// <summary>Twice what is promised, so that no two clocks need to agree.</summary>
    private static readonly TimeSpan KeptFor = 2 * Claim.KeptAtLeast;

    private int _since;

    /// <param name="claim">Recorded just now.</param>
    /// <returns>Claims from before this instant are to go; null: none just now.</returns>
    public DateTimeOffset? After(Claim claim) =>
        Interlocked.Increment(ref _since) % ClaimsPerPurge == 0 ? claim.ClaimedAt - KeptFor : null;
}
