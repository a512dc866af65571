using NumberLedger.Testing;

namespace NumberLedger.Stores.Tests;

/// <summary>A ledger that moves from one driver to another, and back.</summary>
public sealed class CopyTests
{
    private static readonly NumberBlock Block = new(861_380_000);
    private static readonly NumberBlock Neighbour = new(861_380_001);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PostgreSQL")]
    [InlineData("Azure Tables")]
    public async Task There_and_back_it_is_the_same_to_the_last_byte(string over)
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        await using StorePlace place = over == "PostgreSQL" ? new PostgresPlace() : new AzurePlace();
        await using SqliteLedgerStore from = first.OpenStore();
        await using SqliteLedgerStore back = second.OpenStore();
        ILedgerStore database = await place.OpenAsync();
        await FillAsync(from);

        await new LedgerCopy(from, database).RunAsync(Ct);
        var copy = new LedgerCopy(database, back);
        await copy.RunAsync(Ct);

        Assert.Equal((2, 1_505, 1_505), copy.Progress);
        NumberBlock[] blocks = [Block, Neighbour];
        Assert.Equal(await from.ReadHeadsAsync(blocks, Ct), await back.ReadHeadsAsync(blocks, Ct));
        foreach (NumberBlock block in blocks)
        {
            Assert.Equal(await TextOfAsync(from, block), await TextOfAsync(back, block));
        }

        await place.CloseAsync(database);
    }

    [Fact]
    public async Task Broken_off_it_goes_on_where_it_was_and_copies_nothing_twice()
    {
        using var folder = new TemporaryFolder();
        await using SqliteLedgerStore from = folder.OpenStore();
        await FillAsync(from);
        var to = new FaultyStore(new InMemoryLedgerStore());
        int appends = 0;
        to.BeforeEach(StoreOperation.Append, token => ++appends > 2 ? Faults.Unavailable(token) : Task.CompletedTask);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => new LedgerCopy(from, to).RunAsync(Ct));
        to.Heal();
        var rest = new LedgerCopy(from, to);
        await rest.RunAsync(Ct);
        var again = new LedgerCopy(from, to);
        await again.RunAsync(Ct);

        Assert.InRange(rest.Progress.Copied, 1, 1_504);
        Assert.Equal((2, 1_505, 0), again.Progress);
        Assert.Equal(1_505, await WholeLedger.VerifyAsync(to, Ct));
    }

    [Fact]
    public async Task Until_all_numbers_are_there_the_copy_has_no_registry_and_so_lets_nobody_in()
    {
        using var folder = new TemporaryFolder();
        await using SqliteLedgerStore from = folder.OpenStore();
        await from.AppendAsync(Some.Append(NumberBlock.Registry, Some.Tag(7), after: 0), Ct);
        await FillAsync(from);
        bool isBroken = true;
        var to = new FaultyStore(new InMemoryLedgerStore());
        to.ReadsHeads = blocks =>
        {
            if (isBroken && blocks.Contains(Neighbour)) throw new StoreUnavailableException("It is gone.");
        };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => new LedgerCopy(from, to).RunAsync(Ct));
        Assert.Equal([Block], await to.ReadBlocksAsync(new(0), 10, Ct));
        Assert.True(await LedgerCopy.WasBrokenOffAsync(to, Ct));

        isBroken = false;
        await new LedgerCopy(from, to).RunAsync(Ct);
        Assert.Equal([NumberBlock.Registry, Block, Neighbour], await to.ReadBlocksAsync(new(0), 10, Ct));
        Assert.False(await LedgerCopy.WasBrokenOffAsync(to, Ct));
        Assert.False(await LedgerCopy.WasBrokenOffAsync(new InMemoryLedgerStore(), Ct));
    }

    /// <summary>An append of 10 takes three whole commands of three entries each.</summary>
    [Fact]
    public async Task Into_a_store_whose_transactions_are_small_no_command_is_torn()
    {
        using var folder = new TemporaryFolder();
        await using SqliteLedgerStore from = folder.OpenStore();
        await FillAsync(from);
        var to = new FaultyStore(new InMemoryLedgerStore { EntriesMax = 10 });

        await new LedgerCopy(from, to).RunAsync(Ct);

        Assert.Equal(1_505, await WholeLedger.VerifyAsync(to, Ct));
        Assert.Equal((1_500 / 9) + 1 + 1, to.CallsOf(StoreOperation.Append));
    }

    [Fact]
    public async Task Another_ledgers_entries_are_not_written_over_or_mixed()
    {
        using var folder = new TemporaryFolder();
        await using SqliteLedgerStore from = folder.OpenStore();
        await FillAsync(from);
        var shorter = new InMemoryLedgerStore();
        await shorter.AppendAsync(Some.Append(Block, Some.Tag(9_999), after: 0), Ct);
        var longer = new InMemoryLedgerStore();
        await longer.AppendAsync(Some.Append(Neighbour, Some.Tag(1), after: 0, count: 9), Ct);

        await Assert.ThrowsAsync<BrokenLedgerException>(() => new LedgerCopy(from, shorter).RunAsync(Ct));
        await Assert.ThrowsAsync<BrokenLedgerException>(() => new LedgerCopy(from, longer).RunAsync(Ct));

        Assert.Single(await shorter.ReadBlockAsync(Block, 0, 10, Ct));
        Assert.Equal(9, (await longer.ReadBlockAsync(Neighbour, 0, 10, Ct)).Count);
    }

    /// <summary>Two pages of one block, with a command's entries across their border; and another block.</summary>
    private static async Task FillAsync(SqliteLedgerStore store)
    {
        for (int i = 0; i < 500; i++)
        {
            await store.AppendAsync(Some.Append(Block, Some.Tag(i), after: 0, count: 3, Some.Command(i)), Ct);
        }

        await store.AppendAsync(Some.Append(Neighbour, Some.Tag(1), after: 0, count: 5, at: Some.Noon.AddHours(1)), Ct);
    }

    private static async Task<string[]> TextOfAsync(SqliteLedgerStore store, NumberBlock block) =>
    [
        .. (await store.ReadBlockAsync(block, 0, 10_000, Ct)).Select(entry =>
            $"{entry.Position} {entry.Tag} {entry.Version} {Convert.ToHexString(entry.Salt!)} "
            + $"{Convert.ToHexString(entry.Sealed)} {entry.Hash} {entry.Command}"),
    ];
}
