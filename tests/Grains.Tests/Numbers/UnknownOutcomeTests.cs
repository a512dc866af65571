using NumberLedger.Testing;
using Orleans.Runtime;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// An append without an answer is neither a yes nor a no: whoever sends the same command again gets one entry.
/// </summary>
public sealed class UnknownOutcomeTests(OneSilo silo) : IClassFixture<OneSilo>, IAsyncLifetime
{
    private readonly Caller _caller = silo.Caller;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        silo.Store.Heal();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_answer_lost_after_the_commit_and_the_command_sent_again_gives_one_entry()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        CommandId command = The.NewCommand();
        silo.Store.AfterNext(StoreOperation.Append, Faults.Unavailable);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.OptOutAsync(number, command: command));
        OptOutReply again = await _caller.OptOutAsync(number, command: command);

        Assert.Equal(CommandOutcome.Recorded, again.Outcome);
        await AssertRefusedOnceAsync(number);
    }

    [Fact]
    public async Task A_failure_before_the_commit_and_the_command_sent_again_gives_one_entry()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        CommandId command = The.NewCommand();
        silo.Store.BeforeNext(StoreOperation.Append, Faults.Unavailable);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.OptOutAsync(number, command: command));
        OptOutReply again = await _caller.OptOutAsync(number, command: command);

        Assert.Equal(CommandOutcome.Recorded, again.Outcome);
        await AssertRefusedOnceAsync(number);
    }

    [Fact]
    public async Task An_append_that_hangs_and_arrives_after_its_own_repetition_gives_one_entry()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        CommandId command = The.NewCommand();
        var arrives = new TaskCompletionSource();
        var carriedOut = new TaskCompletionSource();
        silo.Store.BeforeNext(StoreOperation.Append, _ => arrives.Task);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.OptOutAsync(number, command: command));
        Assert.Equal(CommandOutcome.Recorded, (await _caller.OptOutAsync(number, command: command)).Outcome);
        silo.Store.AfterNext(StoreOperation.Append, _ =>
        {
            carriedOut.SetResult();
            return Task.CompletedTask;
        });
        arrives.SetResult();
        await carriedOut.Task.WaitAsync(Ct);

        await AssertRefusedOnceAsync(number);
    }

    [Fact]
    public async Task Without_a_command_id_the_next_word_is_decided_on_what_is_really_stored()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        silo.Store.AfterNext(StoreOperation.Append, Faults.Surprise);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.OptOutAsync(number));

        Assert.Equal(CommandOutcome.NothingToDo, (await _caller.OptOutAsync(number)).Outcome);
        await AssertRefusedOnceAsync(number);
    }

    [Fact]
    public async Task An_activation_that_does_not_know_what_became_of_its_append_goes_away()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        GrainId grain = _caller.NumberGrain(number).GetGrainId();
        Assert.True(silo.Cluster.IsActive(grain));
        Task gone = silo.Cluster.WaitForDeactivationAsync(grain);
        silo.Store.AfterNext(StoreOperation.Append, Faults.Unavailable);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.OptOutAsync(number));

        await gone.WaitAsync(Ct);
    }

    [Fact]
    public async Task A_caller_that_goes_away_does_not_take_its_append_along()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        using var caller = new CancellationTokenSource();
        var appended = new TaskCompletionSource();
        silo.Store.BeforeNext(StoreOperation.Append, _ => caller.CancelAsync());
        silo.Store.AfterNext(StoreOperation.Append, _ =>
        {
            appended.SetResult();
            return Task.CompletedTask;
        });

        Task call = _caller.NumberGrain(number).OptOutAsync(new(number, The.OptedOut(), null), caller.Token);
        await appended.Task.WaitAsync(Ct);
        await call.ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);

        await AssertRefusedOnceAsync(number);
    }

    private async Task AssertRefusedOnceAsync(PhoneNumber number)
    {
        Assert.Equal(2, (await _caller.HistoryAsync(number)).Length);
        Assert.Equal(Reasons.OptedOut, (await _caller.CheckAsync(number)).Reasons);
    }
}
