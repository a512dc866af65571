using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>One idempotency key: whose turn it is, and what was answered.</summary>
public sealed class ClaimTests(OneSilo silo) : IClassFixture<OneSilo>, IAsyncLifetime
{
    private static readonly Hash256 Request = Hash256.Read(new byte[] { 1 }.Concat(new byte[31]).ToArray());
    private static readonly Hash256 OtherRequest = Hash256.Read(new byte[] { 2 }.Concat(new byte[31]).ToArray());
    private static readonly ClaimAnswer Answer = new(201, "application/json", [1, 2, 3]);

    private static long _claims;

    private readonly Caller _caller = silo.Caller;
    private readonly IClaimGrain _claim = silo.Caller.Grains.Claim((UInt128)Interlocked.Increment(ref _claims));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        silo.Store.Heal();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_first_request_with_a_key_runs_and_the_same_one_meanwhile_is_told_so()
    {
        Assert.Equal(ClaimOutcome.Yours, await ClaimAsync(Request));
        Assert.Equal(ClaimOutcome.StillRunning, await ClaimAsync(Request));
        Assert.Equal(ClaimOutcome.OtherRequest, await ClaimAsync(OtherRequest));
    }

    [Fact]
    public async Task Of_many_that_come_at_once_one_runs()
    {
        ClaimOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ClaimAsync(Request)));

        Assert.Single(outcomes, ClaimOutcome.Yours);
        Assert.Equal(49, outcomes.Count(outcome => outcome is ClaimOutcome.StillRunning));
    }

    [Fact]
    public async Task An_answered_request_has_its_answer_from_then_on_and_the_key_is_no_others()
    {
        await ClaimAsync(Request);
        await _claim.AnswerAsync(Answer, Ct);

        ClaimReply again = await _claim.ClaimAsync(Request, Ct);

        Assert.Equal(ClaimOutcome.Answered, again.Outcome);
        Assert.Equal((Answer.Status, Answer.ContentType), (again.Answer!.Status, again.Answer.ContentType));
        Assert.Equal(Answer.Body, again.Answer.Body);
        Assert.Equal(ClaimOutcome.OtherRequest, await ClaimAsync(OtherRequest));
    }

    [Fact]
    public async Task A_request_that_let_go_without_an_answer_runs_again()
    {
        await ClaimAsync(Request);
        await _claim.AbandonAsync();

        Assert.Equal(ClaimOutcome.Yours, await ClaimAsync(Request));
    }

    [Fact]
    public async Task After_a_crash_before_the_answer_it_runs_again_and_records_nothing_twice()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        CommandId command = The.NewCommand();
        await ClaimAsync(Request);
        Assert.Equal(CommandOutcome.Recorded, (await _caller.OptOutAsync(number, command: command)).Outcome);

        await silo.Cluster.DeactivateAsync(_claim); // With it goes all that knew of the running request.

        Assert.Equal(ClaimOutcome.OtherRequest, await ClaimAsync(OtherRequest));
        Assert.Equal(ClaimOutcome.Yours, await ClaimAsync(Request));
        Assert.Equal(CommandOutcome.Recorded, (await _caller.OptOutAsync(number, command: command)).Outcome);
        Assert.Equal(2, (await _caller.HistoryAsync(number)).Length);
    }

    [Fact]
    public async Task An_answer_that_could_not_be_stored_leaves_the_key_to_the_next_one()
    {
        await ClaimAsync(Request);
        silo.Store.BeforeNext(StoreOperation.Answer, Faults.Unavailable);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _claim.AnswerAsync(Answer, Ct));

        Assert.Equal(ClaimOutcome.Yours, await ClaimAsync(Request));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_claim_without_an_answer_from_the_store_is_nobodys_and_can_be_made_again(bool stored)
    {
        if (stored) silo.Store.AfterNext(StoreOperation.Claim, Faults.Unavailable);
        else silo.Store.BeforeNext(StoreOperation.Claim, Faults.Unavailable);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => ClaimAsync(Request));

        Assert.Equal(ClaimOutcome.Yours, await ClaimAsync(Request));
    }

    private async Task<ClaimOutcome> ClaimAsync(Hash256 digest) => (await _claim.ClaimAsync(digest, Ct)).Outcome;
}
