using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>Under a ceiling of memory indexes come and go, and no answer is any different for it.</summary>
public sealed class IndexMemoryTests
{
    private const int Bindings = 300;

    /// <summary>One of these blocks takes about 4 KB.</summary>
    private const long RoomForAFew = 20_000;

    private readonly FaultyStore _store = new(new InMemoryLedgerStore());

    private OtherWriter Writer => new(_store);

    [Fact]
    public async Task The_ceiling_holds_and_every_answer_is_that_of_a_process_without_one()
    {
        NumberBlock[] blocks = await FilledAsync(40);
        using var small = new OneProcess(_store, RoomForAFew);
        using var large = new OneProcess(_store);
        var dice = new Random(1);
        for (int question = 0; question < 1_000; question++)
        {
            PhoneNumber number = blocks[dice.Next(blocks.Length)].At(dice.Next(Bindings));
            if (question % 20 == 0) await Writer.RecordAsync(number, The.OptedOut());

            Assert.Equal(await large.CheckAsync(number), await small.CheckAsync(number));
            Assert.InRange(small.Replicas.Bytes, 1, RoomForAFew);
        }

        foreach (NumberBlock block in blocks)
        {
            Assert.Equal(await large.CheckAllAsync(block), await small.CheckAllAsync(block));
        }

        Assert.True(large.Replicas.Bytes > 5 * RoomForAFew);
    }

    [Fact]
    public async Task Many_who_ask_at_once_are_all_answered_and_the_ceiling_holds()
    {
        NumberBlock[] blocks = await FilledAsync(40);
        using var process = new OneProcess(_store, RoomForAFew);

        await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), async (i, _) =>
        {
            Answer answer = await process.CheckAsync(blocks[i * 7 % blocks.Length].At(i % Bindings));
            Assert.Equal(Verdict.Unknown, answer.Verdict); // Bound, and in no range.
        });

        Assert.InRange(process.Replicas.Bytes, 1, RoomForAFew);
    }

    [Fact]
    public async Task An_index_that_alone_is_larger_than_the_ceiling_answers_all_the_same()
    {
        NumberBlock[] blocks = await FilledAsync(3);
        using var process = new OneProcess(_store, indexBytesMax: 1);

        foreach (NumberBlock block in (NumberBlock[])[.. blocks, .. blocks])
        {
            Assert.Equal(Verdict.Unknown, (await process.CheckAsync(block.At(7))).Verdict);
        }
    }

    [Fact]
    public async Task What_is_asked_again_and_again_stays()
    {
        NumberBlock[] blocks = await FilledAsync(30);
        using var process = new OneProcess(_store, RoomForAFew);
        BlockReplica often = process.Replicas.Of(blocks[0]);
        foreach (NumberBlock block in blocks[1..])
        {
            await OneProcess.CheckAsync(often, blocks[0].At(1));
            await process.CheckAsync(block.At(1));
        }

        Assert.Same(often, process.Replicas.Of(blocks[0]));
        Assert.False(process.Replicas.TryGet(blocks[1], out _));
    }

    [Fact]
    public async Task Whoever_holds_an_index_that_left_goes_on_with_it_and_sees_what_is_recorded()
    {
        NumberBlock[] blocks = await FilledAsync(30);
        using var process = new OneProcess(_store, RoomForAFew);
        PhoneNumber number = blocks[0].At(1);
        BlockReplica held = process.Replicas.Of(blocks[0]);
        await OneProcess.CheckAsync(held, number);
        foreach (NumberBlock block in blocks[1..]) await process.CheckAsync(block.At(1));
        Assert.False(process.Replicas.TryGet(blocks[0], out _));
        long bytes = process.Replicas.Bytes;

        await Writer.RecordAsync(number, The.OptedOut());

        Assert.Equal(Verdict.Deny, (await OneProcess.CheckAsync(held, number)).Verdict);
        Assert.Equal(bytes, process.Replicas.Bytes);
        Assert.Equal(Verdict.Deny, (await process.CheckAsync(number)).Verdict);
    }

    [Fact]
    public async Task What_leaves_before_it_was_worth_a_snapshot_of_its_own_is_saved_then()
    {
        NumberBlock[] blocks = await FilledAsync(30, bindings: 100);
        using var process = new OneProcess(_store, RoomForAFew);

        await process.CheckAsync(blocks[0].At(1));
        await process.Saver.Idle;
        int before = _store.CallsOf(StoreOperation.SaveSnapshot);
        foreach (NumberBlock block in blocks[1..])
        {
            await process.CheckAsync(block.At(1));
            await process.Saver.Idle;
        }

        SnapshotPage saved = await _store.ReadSnapshotsAsync(
            blocks, long.MaxValue, TestContext.Current.CancellationToken);
        Assert.Equal(0, before);
        Assert.Equal(blocks[0], saved.Found[0].Block);
        Assert.InRange(saved.Found.Count, 20, 29);
    }

    private async Task<NumberBlock[]> FilledAsync(int count, int bindings = Bindings)
    {
        NumberBlock[] blocks = The.NewBlocks(count);
        foreach (NumberBlock block in blocks)
        {
            await Writer.RecordAllAsync(block, Enumerable.Range(0, bindings), _ => The.Bound());
        }

        return blocks;
    }
}
