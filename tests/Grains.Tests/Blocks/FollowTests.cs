using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>An index takes what its own process has appended, if that is all that it lacks.</summary>
public sealed class FollowTests
{
    private readonly NumberBlock _block = The.NewBlock();
    private readonly FaultyStore _store = new(new InMemoryLedgerStore());

    private OtherWriter Writer => new(_store.Inner);

    [Fact]
    public async Task What_comes_next_is_taken_and_what_comes_later_is_left_to_a_catch_up()
    {
        using var process = new OneProcess(_store);
        BlockReplica replica = await AskedAsync(process);
        BlockHead known = replica.Head;
        BlockHead first = await Writer.RecordAsync(_block.At(2), The.OptedOut());
        BlockHead second = await Writer.RecordAsync(_block.At(3), The.OptedOut());

        replica.Follow(new BlockFold.Tail(second, null, []), (first.Position, first.Hash));
        Assert.Equal(first.Position - 1, replica.Head.Position);
        replica.Follow(new BlockFold.Tail(first, null, []), (known.Position, second.Hash)); // Another entry there.
        Assert.Equal(first.Position - 1, replica.Head.Position);
        replica.Follow(new BlockFold.Tail(first, null, []), (known.Position, known.Hash));
        Assert.Equal(first, replica.Head);
        replica.Follow(new BlockFold.Tail(first, null, []), (known.Position, known.Hash));
        Assert.Equal(first, replica.Head);

        Assert.Equal(Reasons.OptedOut, (await OneProcess.CheckAsync(replica, _block.At(3))).Reasons);
        Assert.Equal(second, replica.Head);
    }

    [Fact]
    public async Task During_a_catch_up_nothing_is_taken_since_that_would_put_older_news_over_it()
    {
        using var process = new OneProcess(_store);
        BlockReplica replica = await AskedAsync(process);
        BlockHead known = replica.Head;
        BlockHead appended = await Writer.RecordAsync(_block.At(2), The.OptedOut());
        var begun = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        _store.BeforeNext(StoreOperation.ReadBlock, async _ =>
        {
            begun.SetResult();
            await gate.Task;
        });

        Task<Answer> asking = OneProcess.CheckAsync(replica, _block.At(2)).AsTask();
        await begun.Task;
        replica.Follow(new BlockFold.Tail(appended, null, []), (known.Position, known.Hash));
        BlockHead during = replica.Head;
        gate.SetResult();

        Assert.Equal(known, during);
        Assert.Equal(Reasons.OptedOut, (await asking).Reasons);
    }

    [Fact]
    public void Without_an_index_there_is_nothing_to_follow()
    {
        using var process = new OneProcess(_store);
        BlockReplica replica = process.Replicas.Of(_block);

        replica.Follow(new BlockFold.Tail(new BlockHead(1, default, default), null, []), default);

        Assert.Equal(default, replica.Head);
    }

    /// <summary>The block's replica, up to date with a range and a binding.</summary>
    private async Task<BlockReplica> AskedAsync(OneProcess process)
    {
        await Writer.RecordAsync(_block, new LedgerEvent.RangeSet(The.Carrier, 0, 9, The.TrackedSince));
        await Writer.RecordAllAsync(_block, [2, 3], _ => The.Bound());
        await process.CheckAsync(_block.At(2));
        return process.Replicas.Of(_block);
    }
}
