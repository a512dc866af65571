using CsCheck;
using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>What a file's rows become, whatever the store does meanwhile.</summary>
public sealed class BulkWriterTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IBulkWriter Bulk => silo.Cluster.Service<IBulkWriter>();

    [Fact]
    public async Task Each_row_is_recorded_or_refused_by_itself_and_answered_in_its_place()
    {
        NumberBlock[] blocks = await CoverAsync(2);
        BulkRow[] rows =
        [
            Disconnect(blocks[1].At(9), "a"),
            Disconnect(blocks[0].At(1), "a") with { Said = The.Report(CarrierEventKind.Disconnected, "a", carrier: "other") },
            Disconnect(blocks[0].At(1), "b"),
            Disconnect(blocks[1].At(9), "a"),
            new(blocks[1].At(9), The.Bound()),
            Disconnect(blocks[0].At(2), "c", The.Disconnect.AddYears(100)),
        ];

        BulkReply[] replies = await Bulk.WriteAsync(rows, dryRun: false, Ct);

        Assert.Equal(
            [
                new(CommandOutcome.Recorded, null),
                new(CommandOutcome.Refused, Refusal.NumberNotHeld),
                new(CommandOutcome.Recorded, null),
                new(CommandOutcome.NothingToDo, null),
                new(CommandOutcome.Recorded, null),
                new(CommandOutcome.Refused, Refusal.EffectiveInFuture),
            ],
            replies);
        Assert.Equal(2, (await silo.Caller.HistoryAsync(blocks[1].At(9))).Length);
        Assert.Equal(Verdict.Deny, (await silo.Caller.CheckAsync(blocks[1].At(9))).Verdict);
    }

    [Fact]
    public async Task The_same_file_again_records_nothing()
    {
        BulkRow[] rows = Shuffled(await CoverAsync(3), perBlock: 100);

        BulkReply[] first = await Bulk.WriteAsync(rows, dryRun: false, Ct);
        int appends = silo.Store.CallsOf(StoreOperation.Append);
        BulkReply[] again = await Bulk.WriteAsync(rows, dryRun: false, Ct);

        Assert.All(first, reply => Assert.Equal(CommandOutcome.Recorded, reply.Outcome));
        Assert.All(again, reply => Assert.Equal(CommandOutcome.NothingToDo, reply.Outcome));
        Assert.Equal(appends, silo.Store.CallsOf(StoreOperation.Append));
    }

    [Fact]
    public async Task The_indexes_follow_what_is_written_and_no_entry_is_read_again_for_the_first_check()
    {
        NumberBlock[] blocks = await CoverAsync(3);
        await Bulk.WriteAsync(Shuffled(blocks, perBlock: 300), dryRun: false, Ct);
        await Bulk.WriteAsync(
            [.. blocks.Select(block => new BulkRow(block.At(7), The.Report(CarrierEventKind.Suspended, "r")))],
            dryRun: false, Ct);
        int blockReads = silo.Store.CallsOf(StoreOperation.ReadBlock);

        foreach (NumberBlock block in blocks)
        {
            byte[] inMemory = await silo.SnapshotInMemoryAsync(block);
            Assert.Equal(blockReads, silo.Store.CallsOf(StoreOperation.ReadBlock));
            IReadOnlyList<StoredEntry> stored = await silo.Store.Inner.ReadBlockAsync(block, 0, 1_000, Ct);
            Assert.Equal(OneSilo.SnapshotOf(block, stored), inMemory);
        }
    }

    [Fact]
    public async Task A_dry_run_answers_as_the_run_after_it_and_records_nothing()
    {
        NumberBlock block = (await CoverAsync(1))[0];
        BulkRow[] rows = [.. Enumerable.Range(0, 300).Select(i => Disconnect(block.At(i % 100), $"e{i % 150}"))];

        BulkReply[] dry = await Bulk.WriteAsync(rows, dryRun: true, Ct);

        Assert.Equal(1, await CountAsync(block)); // The range.
        Assert.Equal(dry, await Bulk.WriteAsync(rows, dryRun: false, Ct));
    }

    [Fact]
    public async Task A_file_that_a_failing_store_interrupts_is_recorded_once_however_often_it_is_sent() =>
        await Gen.Select(Gen.Int[1, 400], Gen.Int).SampleAsync(
            async (perBlock, seed) =>
            {
                var random = new Random(seed);
                NumberBlock[] blocks = await CoverAsync(4);
                BulkRow[] rows = Shuffled(blocks, perBlock);
                LetAppendsFail(random);
                BulkReply[] last = await Again.UntilAnsweredAsync(_ => Bulk.WriteAsync(rows, dryRun: false, Ct));
                silo.Store.Heal();

                Assert.DoesNotContain(last, reply => reply.Outcome is CommandOutcome.Refused);
                foreach (NumberBlock block in blocks) Assert.Equal(1 + perBlock, await CountAsync(block));
            },
            iter: 20, threads: 1);

    [Fact]
    public async Task A_number_that_others_write_all_the_time_holds_up_nobody_but_itself()
    {
        NumberBlock block = (await CoverAsync(1))[0];
        PhoneNumber busy = block.At(50);
        int left = LedgerWriter.AttemptsMax - 1;
        silo.Store.BeforeEach(StoreOperation.Append, async _ =>
        {
            if (Interlocked.Decrement(ref left) < 0) return;
            await silo.OtherWriter.RecordAsync(busy, The.Report(CarrierEventKind.Suspended, $"s{left}"));
        });

        BulkReply[] replies = await Bulk.WriteAsync(
            [.. Enumerable.Range(0, 100).Select(i => Disconnect(block.At(i), "e"))], dryRun: false, Ct);
        silo.Store.Heal();

        Assert.All(replies, reply => Assert.Equal(CommandOutcome.Recorded, reply.Outcome));
        Assert.Equal(1 + 100 + LedgerWriter.AttemptsMax - 1, await CountAsync(block));
    }

    [Fact]
    public async Task More_rows_of_one_number_than_an_append_takes_are_recorded_in_order()
    {
        NumberBlock block = (await CoverAsync(1))[0];
        const int Rows = BulkWriter.GroupRowsMax + 100;

        await Bulk.WriteAsync(
            [.. Enumerable.Range(0, Rows).Select(i => Disconnect(block.At(7), $"{i}"))], dryRun: false, Ct);

        Assert.Equal(
            Enumerable.Range(0, Rows).Select(i => $"{i}"),
            (await silo.Caller.HistoryAsync(block.At(7))).Select(entry =>
                ((LedgerEvent.CarrierReport)EntryCodec.Decode(entry.Content!).Event).EventId));
    }

    [Fact]
    public async Task A_store_whose_transactions_are_small_gets_as_many_as_it_needs()
    {
        NumberBlock block = (await CoverAsync(1))[0];
        BulkRow[] rows =
        [
            .. Shuffled([block], perBlock: 200),
            .. Enumerable.Range(0, 100).Select(i => Disconnect(block.At(500), $"{i}")),
        ];
        silo.EntriesMax = 33;

        try
        {
            BulkReply[] replies = await Bulk.WriteAsync(rows, dryRun: false, Ct);

            Assert.All(replies, reply => Assert.Equal(CommandOutcome.Recorded, reply.Outcome));
            Assert.Equal(1 + rows.Length, await CountAsync(block));
        }
        finally
        {
            silo.EntriesMax = int.MaxValue;
        }
    }

    [Fact]
    public async Task A_store_that_fails_claims_nothing_and_later_groups_are_not_begun()
    {
        NumberBlock[] blocks = await CoverAsync(50);
        silo.Store.BeforeEach(StoreOperation.Append, Faults.Unavailable);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => Bulk.WriteAsync(
            Shuffled(blocks, perBlock: 1_000), dryRun: false, Ct));
        silo.Store.Heal();

        Assert.Equal(1, await CountAsync(blocks[^1]));
    }

    [Fact]
    public async Task Who_goes_away_leaves_nothing_half_done()
    {
        NumberBlock[] blocks = await CoverAsync(50);
        using var gone = new CancellationTokenSource();
        silo.Store.AfterNext(StoreOperation.Append, _ => gone.CancelAsync());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bulk.WriteAsync(
            Shuffled(blocks, perBlock: 1_000), dryRun: false, gone.Token));

        int appends = silo.Store.CallsOf(StoreOperation.Append);
        await silo.Caller.CoverAsync(The.NewBlock());
        Assert.Equal(appends + 1, silo.Store.CallsOf(StoreOperation.Append));
        Assert.Equal(1, await CountAsync(blocks[^1]));
    }

    private void LetAppendsFail(Random random)
    {
        silo.Store.BeforeEach(StoreOperation.Append, FailSometimes);
        silo.Store.AfterEach(StoreOperation.Append, FailSometimes);

        Task FailSometimes(CancellationToken cancellationToken)
        {
            lock (random) if (random.Next(4) > 0) return Task.CompletedTask;
            return Faults.Unavailable(cancellationToken);
        }
    }

    private async Task<NumberBlock[]> CoverAsync(int count)
    {
        NumberBlock[] blocks = The.NewBlocks(count);
        foreach (NumberBlock block in blocks) await silo.Caller.CoverAsync(block);
        return blocks;
    }

    private async Task<int> CountAsync(NumberBlock block) =>
        (await silo.Store.ReadBlockAsync(block, 0, int.MaxValue, Ct)).Count;

    private static BulkRow Disconnect(PhoneNumber number, string eventId, DateOnly? on = null) =>
        new(number, The.Report(CarrierEventKind.Disconnected, eventId, on));

    private static BulkRow[] Shuffled(NumberBlock[] blocks, int perBlock)
    {
        BulkRow[] rows =
        [
            .. blocks.SelectMany(block => Enumerable.Range(0, perBlock).Select(i => Disconnect(block.At(i), "e"))),
        ];
        new Random(1).Shuffle(rows);
        return rows;
    }
}
