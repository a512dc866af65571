using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// A file is answered as its lines would be one by one, never older than the question, or not at all: whatever leaves
/// memory, is written meanwhile, was lost or cannot be read.
/// </summary>
public sealed class BulkReaderTests
{
    /// <summary>Of these blocks, which take 2 to 5 KB each.</summary>
    private const long RoomForAFew = 20_000;

    private const long RoomForAll = long.MaxValue;

    /// <summary>Of a block that is worth a snapshot when it leaves memory.</summary>
    private const int Bindings = 40;

    private static readonly Dictionary<string, Func<CancellationToken, Task>> Troubles = new()
    {
        ["unavailable"] = Faults.Unavailable,
        ["not what was written"] = _ => throw new BrokenLedgerException(new(1), 1, "as the test asked."),
        ["throws what no driver should"] = Faults.Surprise,
    };

    private readonly FaultyStore _store = new(new InMemoryLedgerStore());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Beneath the faults, as another process is.</summary>
    private OtherWriter Writer => new(_store.Inner);

    public static TheoryData<string> HowItFails => [.. Troubles.Keys];

    [Theory]
    [InlineData(RoomForAll)]
    [InlineData(RoomForAFew)]
    public async Task A_file_over_many_blocks_is_answered_as_each_of_its_lines_would_be_alone(long room)
    {
        NumberBlock[] blocks = The.NewBlocks(300);
        var chance = new ByChance(blocks, seed: 20_260_201);
        await chance.RecordAsync(Writer);
        await Writer.RecordAsync(NumberBlock.Registry, new LedgerEvent.FeedReported(
            The.Carrier, "f1", blocks[0].At(0), blocks[^1].At(9_999), new DateOnly(2025, 3, 1)));
        var time = new FakeTimeProvider(new(2026, 2, 1, 12, 0, 0, TimeSpan.Zero));
        using var process = new OneProcess(_store, room, time);
        using var single = new OneProcess(_store, time: time);
        await process.Registry.ReadAsync(Ct);
        await single.Registry.ReadAsync(Ct);
        var answers = new BulkAnswers();
        var all = new List<Told>();

        foreach (RegistryRule? rule in (RegistryRule?[])[null, .. Enum.GetValues<RegistryRule>()])
        {
            string lender = chance.Lender();
            var chunk = new Chunk(chance.Ask(6_000));
            Told[] cold = await chunk.CheckAsync(process, answers, rule, lender);
            Told[] warm = await chunk.CheckAsync(process, answers, rule, lender);
            Told[] singly = await chunk.CheckSinglyAsync(single, rule, lender);
            Assert.Equal(singly, cold);
            Assert.Equal(singly, warm);
            all.AddRange(cold);
            await process.Saver.Idle;
        }

        Assert.Equal(Enum.GetValues<Verdict>(), all.Select(told => told.Verdict).Distinct().Order());
        Assert.Contains(all, told => told.Answer.Advisories.HasFlag(Advisories.StaleFeed));
        Assert.True(all.Select(told => told.OfRegistry).Distinct().Count() > 8);
        Assert.Equal(room == RoomForAFew, process.Replicas.Bytes <= RoomForAFew);
    }

    [Fact]
    public async Task A_refusal_acknowledged_before_a_chunk_is_seen_by_it_while_blocks_leave_memory_and_others_write()
    {
        NumberBlock[] blocks = await FilledAsync(60);
        PhoneNumber[] untouched = [.. blocks.Select(block => block.At(0))];
        PhoneNumber[] numbers =
            [.. Enumerable.Range(1, Bindings - 1).SelectMany(offset => blocks.Select(block => block.At(offset)))];
        var toRefuse = new ConcurrentQueue<PhoneNumber>(numbers);
        var acknowledged = new ConcurrentDictionary<PhoneNumber, long>();
        using var process = new OneProcess(_store, RoomForAFew);
        WriteBesideEveryCall();

        // Each scrub makes the others' indexes leave.
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(() => ScrubAsync(new Random(i)), Ct)));

        Assert.Equal(numbers.Length, acknowledged.Count);
        Assert.InRange(process.Replicas.Bytes, 1, RoomForAFew);
        Assert.True(_store.CallsOf(StoreOperation.ReadSnapshots) > blocks.Length);

        void WriteBesideEveryCall()
        {
            foreach (StoreOperation operation in (StoreOperation[])
                [StoreOperation.Heads, StoreOperation.ReadSnapshots, StoreOperation.ReadBlock, StoreOperation.ReadTags])
            {
                _store.BeforeEach(operation, _ => RefuseNextAsync());
                _store.AfterEach(operation, _ => RefuseNextAsync());
            }
        }

        async Task RefuseNextAsync()
        {
            if (!toRefuse.TryDequeue(out PhoneNumber number)) return;

            BlockHead head = await Writer.RecordAsync(number, The.OptedOut());
            acknowledged[number] = head.Position;
            await Task.Yield();
        }

        async Task ScrubAsync(Random dice)
        {
            var answers = new BulkAnswers();
            bool isLast;
            do
            {
                isLast = acknowledged.Count == numbers.Length;
                PhoneNumber[] asked = [.. numbers, .. untouched];
                dice.Shuffle(asked);
                KeyValuePair<PhoneNumber, long>[] before = acknowledged.ToArray(); // While others add to it.

                Told[] told = await Chunk.Of(asked).CheckAsync(process, answers);
                var toldOf = asked.Zip(told).ToDictionary(pair => pair.First, pair => pair.Second);
                foreach ((PhoneNumber number, long position) in before)
                {
                    Assert.Equal((Verdict.Deny, Reasons.OptedOut), (toldOf[number].Verdict, toldOf[number].Reasons));
                    Assert.True(toldOf[number].Position >= position);
                }

                Assert.All(untouched, number => Assert.Equal(Verdict.Allow, toldOf[number].Verdict));
            }
            while (!isLast);
        }
    }

    [Theory]
    [InlineData(Bindings)]
    [InlineData(5)] // Too few for a snapshot: it comes back from its entries.
    public async Task A_refusal_that_came_while_its_block_was_out_of_memory_is_seen_by_the_next_chunk(int bindings)
    {
        NumberBlock[] blocks = await FilledAsync(40, bindings);
        using var process = new OneProcess(_store, RoomForAFew);
        await CheckEachAsync(blocks, process);
        SnapshotPage saved = await _store.ReadSnapshotsAsync(blocks, RoomForAll, Ct);
        PhoneNumber[] numbers = [.. blocks.Select(block => block.At(1))];
        PhoneNumber[] gone = [.. numbers.Where(number => !process.Replicas.TryGet(NumberBlock.Of(number), out _))];

        foreach (PhoneNumber number in gone) await Writer.RecordAsync(number, The.OptedOut());

        Told[] told = await Chunk.Of(numbers).CheckAsync(process);
        Assert.InRange(gone.Length, 1, numbers.Length - 1);
        Assert.Equal(bindings == Bindings ? gone.Length : 0, saved.Found.Count);
        Assert.Equal(
            numbers.Select(number => gone.Contains(number) ? Reasons.OptedOut : Reasons.None),
            told.Select(one => one.Reasons));
    }

    [Theory]
    [InlineData("from its snapshot", nameof(StoreOperation.ReadSnapshots))]
    [InlineData("from its entries", nameof(StoreOperation.ReadBlock))]
    [InlineData("to its latest entries", nameof(StoreOperation.ReadTags))]
    public async Task A_refusal_that_came_while_its_block_was_catching_up_is_seen_by_the_next_chunk(
        string catchesUp, string operation)
    {
        NumberBlock block = (await FilledAsync(1, catchesUp == "from its snapshot" ? 300 : Bindings))[0];
        using (var earlier = new OneProcess(_store)) await CheckEachAsync([block], earlier);
        using var process = new OneProcess(_store);
        if (catchesUp == "to its latest entries")
        {
            await Chunk.Of(block.At(1)).CheckAsync(process);
            await Writer.RecordAsync(block.At(2), The.OptedOut());
        }

        (Task held, TaskCompletionSource go) = HoldNext(Enum.Parse<StoreOperation>(operation));
        Task<Told[]> early = Chunk.Of(block.At(1)).CheckAsync(process);
        await held.WaitAsync(Ct);
        BlockHead head = await Writer.RecordAsync(block.At(1), The.OptedOut());
        Task<Told[]> late = Chunk.Of(block.At(1), block.At(3)).CheckAsync(process);
        go.SetResult();

        Told[] told = await late;
        Assert.Equal([Reasons.OptedOut, Reasons.None], told.Select(one => one.Reasons));
        Assert.All(told, one => Assert.Equal(head.Position, one.Position));
        await early; // Whichever: the refusal came after its question.
    }

    [Fact]
    public async Task A_refusal_is_seen_although_an_earlier_chunk_still_holds_the_index_that_left_memory()
    {
        NumberBlock[] blocks = await FilledAsync(40);
        using var process = new OneProcess(_store, RoomForAFew);
        PhoneNumber number = blocks[0].At(1);
        await Chunk.Of(number).CheckAsync(process);
        await Writer.RecordAsync(blocks[0].At(2), The.OptedOut());

        (Task held, TaskCompletionSource go) = HoldNext(StoreOperation.ReadTags);
        Task<Told[]> early = Chunk.Of(number).CheckAsync(process);
        await held.WaitAsync(Ct);
        await Chunk.Of(blocks[1..].Select(block => block.At(1))).CheckAsync(process);
        Assert.False(process.Replicas.TryGet(blocks[0], out _));
        await Writer.RecordAsync(number, The.OptedOut());
        Told late = (await Chunk.Of(number).CheckAsync(process))[0];
        go.SetResult();
        await early;

        Assert.Equal(Reasons.OptedOut, late.Reasons);
        Assert.Equal(late, (await Chunk.Of(number).CheckAsync(process))[0]);
    }

    [Theory]
    [InlineData("nothing else", 0)]
    [InlineData("another entry in its place", 1)]
    [InlineData("more entries since", 5)]
    public async Task A_store_that_lost_a_refusal_is_not_believed_whatever_it_has_now(string instead, int written)
    {
        NumberBlock[] blocks = await FilledAsync(20);
        using var process = new OneProcess(_store);
        PhoneNumber number = blocks[7].At(1);
        var all = Chunk.Of(blocks.Select(block => block.At(1)));
        BlockHead head = await Writer.RecordAsync(number, The.OptedOut());
        Assert.Equal(Reasons.OptedOut, (await all.CheckAsync(process))[7].Reasons);

        _store.Inner = await CopyWithoutLastAsync(head, blocks[7], written);

        await AssertUnavailableAsync(all, process);
        await AssertUnavailableAsync(all, process); // What a client does next: it asks again.
        await AssertUnavailableAsync(Chunk.Of(blocks[8].At(1)), process); // And nothing else is believed either.
        Assert.True(process.Health.WhyNotReady is not null, instead);
    }

    [Fact]
    public async Task A_store_behind_the_snapshot_of_a_block_that_left_memory_is_not_believed()
    {
        NumberBlock[] blocks = await FilledAsync(40);
        PhoneNumber number = blocks[0].At(1);
        BlockHead head = await Writer.RecordAsync(number, The.OptedOut());
        using var process = new OneProcess(_store, RoomForAFew);
        await CheckEachAsync(blocks, process);
        Assert.False(process.Replicas.TryGet(blocks[0], out _));
        SnapshotPage saved = await _store.ReadSnapshotsAsync([blocks[0]], long.MaxValue, Ct);
        InMemoryLedgerStore copy = await CopyWithoutLastAsync(head, blocks[0], written: 0);
        copy.PutSnapshot(blocks[0], Assert.Single(saved.Found).Snapshot);
        _store.Inner = copy;

        await AssertUnavailableAsync(Chunk.Of(number), process);
        Assert.NotNull(process.Health.WhyNotReady);
    }

    [Fact]
    public async Task A_chunk_under_way_when_another_finds_that_the_store_lost_a_refusal_is_not_answered_from_it()
    {
        NumberBlock block = (await FilledAsync(1))[0];
        using var process = new OneProcess(_store);
        var chunk = Chunk.Of(block.At(1));
        BlockHead head = await Writer.RecordAsync(block.At(1), The.OptedOut());
        Assert.Equal(Reasons.OptedOut, (await chunk.CheckAsync(process))[0].Reasons);

        (Task held, TaskCompletionSource go) = HoldNext(StoreOperation.Heads, after: false);
        Task<Told[]> underWay = chunk.CheckAsync(process);
        await held.WaitAsync(Ct);
        _store.Inner = await CopyWithoutLastAsync(head, block, written: 1);
        await AssertUnavailableAsync(chunk, process);
        await Writer.RecordAsync(block.At(9_000), The.Bound()); // By whoever takes the copy for the ledger.
        go.SetResult();

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => underWay);
    }

    [Theory]
    [MemberData(nameof(HowItFails))]
    public async Task One_block_that_cannot_be_read_leaves_the_whole_chunk_unanswered_and_nothing_behind(string how)
    {
        NumberBlock[] blocks = await FilledAsync(200);
        using var process = new OneProcess(_store);
        using var single = new OneProcess(_store);
        var answers = new BulkAnswers();
        NumberBlock unread = blocks[150];
        await Chunk.Of(blocks.Where(block => block != unread).Select(block => block.At(1))).CheckAsync(process);
        var chunk = new Chunk(
            [.. blocks.Select(block => Asked.Of(block.At(2))), .. new ByChance(blocks, seed: 5).Ask(3_000)]);

        _store.BeforeEach(StoreOperation.ReadBlock, Troubles[how]);
        await AssertUnavailableAsync(chunk, process, answers);
        await AssertUnavailableAsync(Chunk.Of(unread.At(1)), process, answers);
        Told[] others = await Chunk.Of(blocks[0].At(1), blocks[199].At(1)).CheckAsync(process, answers);
        _store.Heal();
        foreach (NumberBlock block in blocks) await Writer.RecordAsync(block.At(1), The.OptedOut());

        Assert.All(others, told => Assert.Equal(Verdict.Allow, told.Verdict));
        foreach (Chunk next in (Chunk[])[Chunk.Of(unread.At(1), unread.At(2), blocks[0].At(1)), chunk])
        {
            Assert.Equal(
                await next.CheckSinglyAsync(single, RegistryRule.Camara),
                await next.CheckAsync(process, answers, RegistryRule.Camara));
        }
    }

    [Theory]
    [InlineData(nameof(StoreOperation.Heads))]
    [InlineData(nameof(StoreOperation.ReadSnapshots))]
    [InlineData(nameof(StoreOperation.ReadBlock))]
    [InlineData(nameof(StoreOperation.ReadTags))]
    public async Task One_call_that_fails_leaves_the_whole_chunk_unanswered_although_all_other_calls_succeed(
        string operation)
    {
        NumberBlock[] blocks = await FilledAsync(300);
        using var process = new OneProcess(_store);
        var chunk = Chunk.Of(blocks.Select(block => block.At(1)));
        var answers = new BulkAnswers();
        await Chunk.Of(blocks[..150].Select(block => block.At(1))).CheckAsync(process, answers);
        foreach (NumberBlock block in blocks[..150]) await Writer.RecordAsync(block.At(1), The.OptedOut());

        _store.BeforeNext(Enum.Parse<StoreOperation>(operation), Faults.Unavailable);

        await AssertUnavailableAsync(chunk, process, answers);
        Told[] told = await chunk.CheckAsync(process, answers);
        Assert.All(told[..150], one => Assert.Equal((Reasons.OptedOut, Bindings + 2), (one.Reasons, one.Position)));
        Assert.All(told[150..], one => Assert.Equal((Reasons.None, Bindings + 1), (one.Reasons, one.Position)));
    }

    [Fact]
    public async Task The_heads_of_very_many_blocks_are_read_in_parts_since_each_read_has_a_deadline()
    {
        PhoneNumber[] numbers = [.. The.NewBlocks(2_500).Select(block => block.At(1))];
        await Writer.RecordAsync(numbers[^1], The.OptedOut());
        using var process = new OneProcess(_store);

        Told[] told = await Chunk.Of(numbers).CheckAsync(process);

        Assert.Equal(3, _store.CallsOf(StoreOperation.Heads));
        Assert.Equal(Enumerable.Repeat(0L, 2_499).Append(1), told.Select(one => one.Position));
    }

    [Fact]
    public async Task Blocks_of_which_nothing_is_recorded_are_answered_as_single_checks_answer_until_something_is()
    {
        NumberBlock[] blocks = The.NewBlocks(200);
        using var process = new OneProcess(_store);
        using var single = new OneProcess(_store);
        var answers = new BulkAnswers();
        ushort brought = Days.Pack(new DateOnly(2025, 6, 1));
        var chunk = new Chunk(blocks.SelectMany(block => (Asked[])
            [Asked.Of(block.At(1)), new(block.At(1), new(Purposes.Collection, brought))]));

        Told[] told = await chunk.CheckAsync(process, answers, RegistryRule.Camara);

        Assert.Equal(await chunk.CheckSinglyAsync(single, RegistryRule.Camara), told);
        Assert.All(told, one => Assert.Equal(0, one.Position));
        Assert.Equal(
            [(Verdict.Deny, Reasons.NoBinding, null), (Verdict.Unknown, Reasons.NoCoverage, "not_found")],
            told.Select(one => (one.Verdict, one.Reasons, one.OfRegistry)).Distinct());

        await Writer.RecordAsync(blocks[3].At(1), The.OptedOut());

        Told after = (await Chunk.Of(blocks[3].At(1)).CheckAsync(process, answers))[0];
        Assert.Equal((Verdict.Deny, 1), (after.Verdict, after.Position));
        Assert.Equal(
            await chunk.CheckSinglyAsync(single, RegistryRule.Camara),
            await chunk.CheckAsync(process, answers, RegistryRule.Camara));
    }

    private static Task<LedgerUnavailableException> AssertUnavailableAsync(
        Chunk chunk, OneProcess process, BulkAnswers? answers = null) =>
        Assert.ThrowsAnyAsync<LedgerUnavailableException>(
            () => chunk.CheckAsync(process, answers, RegistryRule.FccRnd));

    private (Task Held, TaskCompletionSource Go) HoldNext(StoreOperation operation, bool after = true)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<CancellationToken, Task> hold = _ =>
        {
            held.SetResult();
            return go.Task;
        };
        if (after) _store.AfterNext(operation, hold);
        else _store.BeforeNext(operation, hold);
        return (held.Task, go);
    }

    /// <summary>One after the other, so that whatever leaves memory by it is saved, if it is worth it.</summary>
    private static async Task CheckEachAsync(NumberBlock[] blocks, OneProcess process)
    {
        foreach (NumberBlock block in blocks)
        {
            await Chunk.Of(block.At(1)).CheckAsync(process);
            await process.Saver.Idle;
        }
    }

    /// <summary>What a failover brings up that was one entry of the block behind, and was written since.</summary>
    private async Task<InMemoryLedgerStore> CopyWithoutLastAsync(BlockHead head, NumberBlock block, int written)
    {
        InMemoryLedgerStore copy = await _store.CopyAsync(block, head.Position - 1);
        var writer = new OtherWriter(copy);
        for (int i = 0; i < written; i++) await writer.RecordAsync(block.At(5_000 + i), The.Bound());
        return copy;
    }

    /// <summary>A range, and bindings from the first number on: allowed.</summary>
    private async Task<NumberBlock[]> FilledAsync(int count, int bindings = Bindings)
    {
        NumberBlock[] blocks = The.NewBlocks(count);
        foreach (NumberBlock block in blocks)
        {
            await Writer.RecordAsync(block, new LedgerEvent.RangeSet(The.Carrier, 0, 9, The.TrackedSince));
            await Writer.RecordAllAsync(block, Enumerable.Range(0, bindings), _ => The.Bound());
        }

        return blocks;
    }
}
