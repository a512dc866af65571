using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// A file in a cluster: its lines go to the silos that hold their blocks, and it is answered as by one process.
/// </summary>
public sealed class SpreadTests : IAsyncLifetime
{
    private const short Silos = 3;

    private readonly FaultyStore _store = new(new InMemoryLedgerStore());
    private LedgerCluster _cluster = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private OtherWriter Writer => new(_store.Inner);

    public async ValueTask InitializeAsync() => _cluster = await LedgerCluster.StartAsync(_store, Silos);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await WholeLedger.VerifyAsync(_store.Inner, default);
    }

    [Fact]
    public async Task Whichever_silo_is_asked_a_file_is_answered_as_by_one_process()
    {
        NumberBlock[] blocks = The.NewBlocks(300);
        var chance = new ByChance(blocks, seed: 20_260_202);
        await chance.RecordAsync(Writer);
        using var single = new OneProcess(_store);
        var words = new HashSet<string?>();

        foreach (RegistryRule? rule in (RegistryRule?[])[null, .. Enum.GetValues<RegistryRule>()])
        {
            string lender = chance.Lender();
            var chunk = new Chunk(chance.Ask(3_000));
            Told[] expected = await chunk.CheckAsync(single, rule: rule, lender: lender);
            for (int silo = 0; silo < Silos; silo++)
            {
                Assert.Equal(expected, await chunk.CheckAsync(ReaderOf(silo), rule: rule, lender: lender));
            }

            words.UnionWith(expected.Select(told => told.OfRegistry));
        }

        Assert.True(words.Count > 8, string.Join(' ', words));
    }

    [Fact]
    public async Task A_stale_feed_is_told_also_by_a_silo_that_nobody_asked_anything_before()
    {
        NumberBlock[] blocks = The.NewBlocks(30);
        foreach (NumberBlock block in blocks) await Writer.RecordAsync(
            block, new LedgerEvent.RangeSet(The.Carrier, 0, 9, The.TrackedSince));
        await Writer.RecordAsync(NumberBlock.Registry, new LedgerEvent.FeedReported(
            The.Carrier, "f1", blocks[0].At(0), blocks[^1].At(9_999), new DateOnly(2025, 3, 1)));
        foreach (NumberBlock block in blocks) await Writer.RecordAsync(block.At(1), The.Bound());

        // No request has any of them read the registry: each does by itself, soon.
        for (int silo = 0; silo < Silos; silo++)
        {
            while (_cluster.Service<RegistryReplica>(silo).Latest.Feeds.Count == 0) await Task.Delay(20, Ct);
        }

        Told[] told = await Chunk.Of(blocks.Select(block => block.At(1))).CheckAsync(ReaderOf(0));
        CheckAnswer[] singly = await Task.WhenAll(blocks.Select(async block => (await _cluster.GrainsOf(0).Block(block)
            .CheckAsync(new(The.Lender, [new(1, Purposes.Marketing, 0)]), Ct)).Answers[0]));

        Assert.All(told, one => Assert.Equal(Advisories.StaleFeed, one.Answer.Advisories));
        Assert.All(singly, one => Assert.Equal(Advisories.StaleFeed, one.Advisories));
    }

    [Fact]
    public async Task Every_silo_has_a_share_of_the_blocks_and_no_block_is_in_two()
    {
        NumberBlock[] blocks = The.NewBlocks(300);
        await new ByChance(blocks, seed: 1).RecordAsync(Writer);
        var chunk = Chunk.Of(blocks.Select(block => block.At(1)));

        for (int silo = 0; silo < Silos; silo++) await chunk.CheckAsync(ReaderOf(silo));
        await _cluster.Service<IBlockReader>().CheckAsync(blocks[0], new(The.Lender, [new(1, Purposes.Marketing, 0)]));

        int[] shares = [.. Enumerable.Range(0, Silos).Select(silo => blocks.Count(block => Holds(silo, block)))];
        Assert.Equal(blocks.Length, shares.Sum());
        Assert.All(shares, share => Assert.InRange(share, 1, blocks.Length - 1));
    }

    [Fact]
    public async Task Rows_are_recorded_where_their_blocks_are_in_their_order_and_once()
    {
        NumberBlock[] blocks = The.NewBlocks(100);
        foreach (NumberBlock block in blocks) await Writer.RecordAsync(
            block, new LedgerEvent.RangeSet(The.Carrier, 0, 9, The.TrackedSince));
        BulkRow[] rows =
        [
            .. from i in Enumerable.Range(0, 20)
               from block in blocks
               select new BulkRow(block.At(7), The.Bound(consentedAt: The.Consent.AddDays(i))),
        ];
        var bulk = _cluster.Service<IBulkWriter>(1);

        BulkReply[] dry = await bulk.WriteAsync(rows, dryRun: true, Ct);
        BulkReply[] first = await bulk.WriteAsync(rows, dryRun: false, Ct);
        BulkReply[] again = await _cluster.Service<IBulkWriter>(2).WriteAsync(rows, dryRun: false, Ct);

        Assert.All(dry.Concat(first), reply => Assert.Equal(CommandOutcome.Recorded, reply.Outcome));
        Assert.All(again, reply => Assert.Equal(CommandOutcome.NothingToDo, reply.Outcome));
        Assert.All(blocks, block => Assert.Single(Enumerable.Range(0, Silos), silo => Holds(silo, block)));
        Told[] told = await Chunk.Of(blocks.Select(block => block.At(7))).CheckAsync(ReaderOf(0));
        Assert.All(told, one => Assert.Equal((Verdict.Allow, 21), (one.Verdict, one.Position)));
    }

    [Fact]
    public async Task A_refused_row_is_answered_in_its_place()
    {
        NumberBlock[] blocks = The.NewBlocks(70);
        BulkRow[] rows = [.. blocks.Select((block, i) => new BulkRow(
            block.At(1), i % 2 == 0 ? The.Bound() : The.Report(CarrierEventKind.Suspended, "a")))];

        BulkReply[] replies = await _cluster.Service<IBulkWriter>().WriteAsync(rows, dryRun: false, Ct);

        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(i % 2 == 0 ? null : Refusal.NumberNotHeld, replies[i].Refusal);
        }
    }

    [Fact]
    public async Task A_silo_that_died_is_missed_by_no_file()
    {
        NumberBlock[] blocks = The.NewBlocks(100);
        foreach (NumberBlock block in blocks) await Writer.RecordAsync(
            block, new LedgerEvent.RangeSet(The.Carrier, 0, 9, The.TrackedSince));
        var chunk = Chunk.Of(blocks.Select(block => block.At(3)));
        await chunk.CheckAsync(ReaderOf(0));
        BulkRow[] rows = [.. blocks.Select(block => new BulkRow(block.At(3), The.Bound()))];

        await _cluster.KillAsync(2);
        BulkReply[] replies = await _cluster.Service<IBulkWriter>().WriteAsync(rows, dryRun: false, Ct);
        Told[] told = await chunk.CheckAsync(ReaderOf(0));

        Assert.All(replies, reply => Assert.Null(reply.Refusal));
        Assert.All(told, one => Assert.Equal(Verdict.Allow, one.Verdict));
    }

    [Fact]
    public async Task A_file_is_not_answered_while_the_store_is_away()
    {
        NumberBlock[] blocks = The.NewBlocks(10);
        var chunk = Chunk.Of(blocks.Select(block => block.At(3)));
        await chunk.CheckAsync(ReaderOf(0));
        _store.BeforeEach(StoreOperation.Heads, Faults.Unavailable);
        try
        {
            await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => chunk.CheckAsync(ReaderOf(0)));
        }
        finally
        {
            _store.Heal();
        }
    }

    private IBulkReader ReaderOf(int silo) => _cluster.Service<IBulkReader>(silo);

    private bool Holds(int silo, NumberBlock block) =>
        _cluster.Service<BlockReplicas>(silo).TryGet(block, out _);
}
