namespace NumberLedger.Grains;

/// <summary>Claims one idempotency key, and remembers while its request runs.</summary>
[GrainType("claim")]
internal sealed class ClaimGrain(IClaimStore store, StoreCalls calls, LedgerClock clock) : Grain, IClaimGrain
{
    /// <summary>A request that has neither answered nor let go after so long has died with its process.</summary>
    private static readonly TimeSpan RunningMax = TimeSpan.FromMinutes(2);

    private (Hash256 Digest, DateTimeOffset Since)? _running;

    private UInt128 Id => GrainKeys.ReadClaim(this.GetPrimaryKeyString());

    public async Task<ClaimReply> ClaimAsync(Hash256 digest, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.Now();
        if (_running is { } running && now - running.Since < RunningMax)
        {
            return new ClaimReply(
                running.Digest == digest ? ClaimOutcome.StillRunning : ClaimOutcome.OtherRequest, running.Since, null);
        }

        Claim claim = await calls.WriteAsync(token => store.ClaimAsync(new Claim(Id, digest, now, null), token));
        if (claim.Digest != digest) return new ClaimReply(ClaimOutcome.OtherRequest, claim.ClaimedAt, null);
        if (claim.Answer is { } answer) return new ClaimReply(ClaimOutcome.Answered, claim.ClaimedAt, answer);

        _running = (digest, now);
        return new ClaimReply(ClaimOutcome.Yours, claim.ClaimedAt, null);
    }

    public async Task AnswerAsync(ClaimAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            await calls.WriteAsync(async token =>
            {
                await store.AnswerAsync(Id, answer, token);
                return true;
            });
        }
        finally
        {
            LetGo(); // The request has ended, whether or not its answer is stored.
        }
    }

    public Task AbandonAsync()
    {
        LetGo();
        return Task.CompletedTask;
    }

    private void LetGo()
    {
        _running = null;
        DeactivateOnIdle(); // Every request has a key of its own: most are never heard of again.
    }
}
