using Microsoft.Extensions.Logging.Abstractions;
using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests.Blocks;

/// <summary>Which read of heads answers which question.</summary>
public sealed class HeadReaderTests
{
    private static readonly NumberBlock Block = new(861_380_000);
    private static readonly StoreDeadlines Deadlines = StoreDeadlines.Default with { Head = TimeSpan.FromSeconds(1) };

    private readonly FaultyStore _store = new(new InMemoryLedgerStore());
    private readonly HeadReader _heads;

    public HeadReaderTests()
    {
        var health = new LedgerHealth(NullLogger<LedgerHealth>.Instance);
        var calls = new StoreCalls(_store, Deadlines, health, NullLogger<StoreCalls>.Instance);
        _heads = new HeadReader(_store, calls, Deadlines);
    }

    [Fact]
    public async Task A_read_that_had_begun_before_the_question_validates_nothing_for_it()
    {
        var gate = new TaskCompletionSource();
        _store.BeforeNext(StoreOperation.Heads, _ => gate.Task);
        Task<BlockHead> begunBefore = _heads.ReadAsync(Block).AsTask();

        long asked = _heads.Begun;
        gate.SetResult();
        await begunBefore;
        Assert.Null(_heads.RegistrySince(asked));

        await _heads.ReadAsync(Block);
        Assert.NotNull(_heads.RegistrySince(asked));
    }

    [Fact]
    public async Task Who_asks_while_a_read_is_under_way_shares_the_next_one()
    {
        var gate = new TaskCompletionSource();
        _store.BeforeNext(StoreOperation.Heads, _ => gate.Task);
        Task<BlockHead> first = _heads.ReadAsync(Block).AsTask();

        Task<BlockHead>[] later = [.. Enumerable.Range(0, 10).Select(_ => _heads.ReadAsync(Block).AsTask())];
        gate.SetResult();
        await Task.WhenAll([first, .. later]);

        Assert.Equal(2, _store.CallsOf(StoreOperation.Heads));
    }

    [Fact]
    public async Task Who_waits_for_the_read_after_a_late_one_or_behind_it_is_told_before_it_has_ended()
    {
        var gate = new TaskCompletionSource();
        _store.BeforeNext(StoreOperation.Heads, Faults.HangDeaf);
        Task<BlockHead> late = _heads.ReadAsync(Block).AsTask(), next = _heads.ReadAsync(Block).AsTask();
        _store.BeforeNext(StoreOperation.Heads, _ => gate.Task);
        await Assert.ThrowsAsync<StoreOutOfReachException>(() => late);
        Task<BlockHead> behind = _heads.ReadAsync(Block).AsTask();

        await Assert.ThrowsAsync<StoreOutOfReachException>(() => next);
        await Assert.ThrowsAsync<StoreOutOfReachException>(() => behind);

        long asked = _heads.Begun;
        gate.SetResult(); // It answers all the same, within its deadline: the store does not hang.
        Assert.True(SpinWait.SpinUntil(() => _heads.RegistrySince(asked - 1) is not null, TimeSpan.FromSeconds(10)));
        await Task.WhenAll(_heads.ReadAsync(Block).AsTask(), _heads.ReadAsync(Block).AsTask());
    }

    [Fact]
    public async Task A_hanging_store_is_tried_by_one_and_the_others_are_told_at_once()
    {
        _store.BeforeEach(StoreOperation.Heads, Faults.HangDeaf);
        Task<BlockHead> under = _heads.ReadAsync(Block).AsTask(), behind = _heads.ReadAsync(Block).AsTask();
        await Assert.ThrowsAsync<StoreOutOfReachException>(() => under);
        await Assert.ThrowsAsync<StoreOutOfReachException>(() => behind);
        Assert.Equal(2, _store.CallsOf(StoreOperation.Heads)); // One late read could be a moment's trouble.

        Assert.True(_heads.ReadAsync(Block).AsTask().IsFaulted); // The second is still under way.
        Assert.Equal(2, _store.CallsOf(StoreOperation.Heads));

        Task<BlockHead> tries;
        do tries = _heads.ReadAsync(Block).AsTask();
        while (tries.IsFaulted);
        Task<BlockHead> other = _heads.ReadAsync(Block).AsTask();
        Assert.True(other.IsFaulted);
        Assert.False(tries.IsCompleted);
        await Assert.ThrowsAsync<StoreOutOfReachException>(() => tries);

        _store.Heal();
        while (await Record.ExceptionAsync(() => _heads.ReadAsync(Block).AsTask()) is not null)
        {
            await Task.Delay(10, Ct);
        }

        await Task.WhenAll(_heads.ReadAsync(Block).AsTask(), _heads.ReadAsync(Block).AsTask());
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
}
