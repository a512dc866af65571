using System.Text;
using NumberLedger.Testing;
using Orleans.Storage;

namespace NumberLedger.Grains.Tests;

/// <summary>What grains remember beside the ledger, through the store's states.</summary>
public sealed class GrainStorageTests : IAsyncLifetime
{
    /// <summary>Of the state "memo" of the grain "memo/+8613800001234", under a master key of zeros.</summary>
    private const string NameOfMemo = "grain.38c936d684452cd52a8e9b1a863d0239b934cb6984f446d8fd4210cae7aac082";

    private readonly InMemoryStates _states = new();
    private LedgerCluster _cluster = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IMemoGrain Memo => _cluster.Grains.GetGrain<IMemoGrain>("+8613800001234");

    public async ValueTask InitializeAsync() => _cluster = await StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task What_a_grain_wrote_it_knows_after_the_silo_was_started_anew()
    {
        await Memo.WriteAsync("first");
        await Memo.WriteAsync("second");
        await _cluster.DisposeAsync();
        _cluster = await StartAsync();

        Assert.Equal(("second", true), await Memo.ReadAsync());
    }

    [Fact]
    public async Task A_grain_that_never_wrote_begins_with_nothing() =>
        Assert.Equal(("", false), await Memo.ReadAsync());

    [Fact]
    public async Task What_was_cleared_is_gone_and_can_be_written_again()
    {
        await Memo.WriteAsync("first");
        await Memo.ClearAsync();
        Assert.Equal(("", false), await Memo.ReadAsync());
        Assert.Empty(await _states.ListAsync("", Ct));

        await Memo.WriteAsync("again");
        await _cluster.DeactivateAsync(Memo);
        Assert.Equal(("again", true), await Memo.ReadAsync());
    }

    /// <summary>Two clusters over one store: as two activations in a partition.</summary>
    [Fact]
    public async Task Of_two_activations_that_read_the_same_one_writes_and_the_other_reads_again()
    {
        await Memo.WriteAsync("first");
        await using LedgerCluster other = await StartAsync();
        IMemoGrain theirs = other.Grains.GetGrain<IMemoGrain>("+8613800001234");
        await theirs.ReadAsync();

        await Memo.WriteAsync("ours");

        await Assert.ThrowsAsync<InconsistentStateException>(() => theirs.WriteAsync("theirs"));
        Assert.Equal(("ours", true), await theirs.ReadAsync());
        await theirs.WriteAsync("theirs");
        await Assert.ThrowsAsync<InconsistentStateException>(() => Memo.ClearAsync());
    }

    [Fact]
    public async Task Neither_what_a_grain_remembers_nor_which_grain_it_is_can_be_read_in_the_store()
    {
        await Memo.WriteAsync("+8613800009999");

        StateVersion state = Assert.Single(await _states.ListAsync("", Ct));
        Assert.Equal(NameOfMemo, state.Name); // For good: under another, what was kept would be lost.
        byte[] content = (await _states.ReadAsync(state.Name, Ct))!.Content;
        Assert.True(content.AsSpan().IndexOf(Encoding.ASCII.GetBytes("13800009999")) < 0);
    }

    /// <summary>It would leave what others have written, and say that it is gone.</summary>
    [Fact]
    public async Task An_activation_that_has_not_seen_a_state_does_not_clear_it()
    {
        await using LedgerCluster other = await StartAsync();
        IMemoGrain theirs = other.Grains.GetGrain<IMemoGrain>("+8613800001234");
        await theirs.ReadAsync();
        await Memo.WriteAsync("ours");

        await Assert.ThrowsAsync<InconsistentStateException>(theirs.ClearAsync);

        Assert.Equal(("ours", true), await theirs.ReadAsync());
        await theirs.ClearAsync();
        Assert.Empty(await _states.ListAsync("", Ct));
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_found_by_the_next_one()
    {
        await Memo.WriteAsync("first");
        _states.Failures.Enqueue(true);

        await Assert.ThrowsAsync<OrleansException>(() => Memo.WriteAsync("second"));

        await Assert.ThrowsAsync<InconsistentStateException>(() => Memo.WriteAsync("third"));
        Assert.Equal(("second", true), await Memo.ReadAsync());
    }

    [Fact]
    public async Task A_state_in_the_place_of_another_grains_is_not_believed()
    {
        await Memo.WriteAsync("ours");
        StateVersion ours = Assert.Single(await _states.ListAsync("", Ct));
        await _cluster.Grains.GetGrain<IMemoGrain>("other").WriteAsync("theirs");
        StateVersion theirs = Assert.Single(await _states.ListAsync("", Ct), state => state.Name != ours.Name);
        StoredState taken = (await _states.ReadAsync(theirs.Name, Ct))!;
        Assert.NotNull(await _states.SaveAsync(ours.Name, taken.Content, ours.Version, Ct));
        await _cluster.DeactivateAsync(Memo);

        OrleansException refused = await Assert.ThrowsAsync<OrleansException>(Memo.ReadAsync);

        Assert.IsAssignableFrom<LedgerUnavailableException>(refused.InnerException);
    }

    [Fact]
    public async Task A_state_that_is_too_large_is_refused_and_the_one_before_stays()
    {
        await Memo.WriteAsync("first");

        OrleansException refused = await Assert.ThrowsAsync<OrleansException>(
            () => Memo.WriteAsync(new string('a', IStateStore.BytesMax)));

        Assert.IsType<InvalidOperationException>(refused.InnerException);
        await _cluster.DeactivateAsync(Memo);
        Assert.Equal(("first", true), await Memo.ReadAsync());
    }

    [Fact]
    public async Task A_store_that_fails_is_told_in_words_that_every_silo_can_read()
    {
        await Memo.ReadAsync();
        _states.Failures.Enqueue(false);

        OrleansException failed = await Assert.ThrowsAsync<OrleansException>(() => Memo.WriteAsync("first"));

        Assert.IsType<StoreOutOfReachException>(failed.InnerException);
        await Memo.WriteAsync("first");
    }

    private Task<LedgerCluster> StartAsync() =>
        LedgerCluster.StartAsync(new InMemoryLedgerStore(), states: _states);
}

[GrainInterfaceType("test-memo"), Alias("test-memo")]
public interface IMemoGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task WriteAsync(string text);

    [Alias("clear")]
    Task ClearAsync();

    /// <returns>The text, and whether it is kept.</returns>
    [Alias("read")]
    Task<(string Text, bool IsKept)> ReadAsync();
}

internal sealed class MemoGrain([PersistentState("memo")] IPersistentState<MemoGrain.Memo> memo) : Grain, IMemoGrain
{
    public Task WriteAsync(string text)
    {
        memo.State = new(text);
        return memo.WriteStateAsync();
    }

    public Task ClearAsync() => memo.ClearStateAsync();

    public Task<(string Text, bool IsKept)> ReadAsync() => Task.FromResult((memo.State.Text, memo.RecordExists));

    public sealed record Memo(string Text)
    {
        public Memo()
            : this("")
        {
        }
    }
}
