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
    public async Task Who_waits_behind_the_second_late_read_is_told_with_it()
    {
        _store.BeforeEach(StoreOperation.Heads, Faults.HangDeaf);
        Task<BlockHead> under = _heads.ReadAsync(Block).AsTask(), second = _heads.ReadAsync(Block).AsTask();
        await Assert.ThrowsAsync<StoreOutOfReachException>(() => under);
        Task<BlockHead> behind = _heads.ReadAsync(Block).AsTask();

        await Assert.ThrowsAsync<StoreOutOfReachException>(() => second);
        await Assert.ThrowsAsync<StoreOutOfReachException>(() => behind);

        Assert.Equal(2, _store.CallsOf(StoreOperation.Heads)); // None was begun for it.
    }

    [Fact]
    public async Task A_hanging_store_is_tried_by_one_and_the_others_are_told_at_once()
    {
        _store.BeforeEach(StoreOperation.Heads, Faults.HangDeaf);
        Task<BlockHead> under = _heads.ReadAsync(Block).AsTask(), behind = _heads.ReadAsync(Block).AsTask();
        await Assert.ThrowsAsync<StoreOutOfReachException>(() => under);
        await Assert.ThrowsAsync<StoreOutOfReachException>(() => behind);
        Assert.Equal(2, _store.CallsOf(StoreOperation.Heads)); // One late read could be a moment's trouble.

        Task<BlockHead> tries = _heads.ReadAsync(Block).AsTask(), other = _heads.ReadAsync(Block).AsTask();
        Assert.True(other.IsFaulted);
        Assert.False(tries.IsCompleted);
        await Assert.ThrowsAsync<StoreOutOfReachException>(() => tries);

        _store.Heal();
        await _heads.ReadAsync(Block);
        await Task.WhenAll(_heads.ReadAsync(Block).AsTask(), _heads.ReadAsync(Block).AsTask());
    }
}
