using Microsoft.Extensions.Logging.Abstractions;
using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>The indexes of one process over a store, without a silo around them: started in no time.</summary>
internal sealed class OneProcess : IDisposable
{
    /// <summary>Heads may take longer than in the product: a test that holds them up shares its machine.</summary>
    private static readonly StoreDeadlines Deadlines =
        StoreDeadlines.Default with { Head = TimeSpan.FromSeconds(10), Write = TimeSpan.FromSeconds(1) };

    private readonly FaultyStore _store;

    public OneProcess(FaultyStore store, long indexBytesMax = long.MaxValue, TimeProvider? time = null)
    {
        _store = store;
        var memory = new IndexMemory(indexBytesMax);
        var calls = new StoreCalls(store, Deadlines, Health, NullLogger<StoreCalls>.Instance);
        var heads = new HeadReader(store, calls, Deadlines);
        var source = new BlockSource(store, store, calls, heads, LedgerCluster.Sealer, Health);
        Saver = new SnapshotSaver(
            store, calls, LedgerCluster.Sealer, memory, NullLogger<SnapshotSaver>.Instance);
        Replicas = new BlockReplicas(source, Saver, memory);
        Registry = new RegistryReplica(store, calls, heads, Health, LedgerCluster.Sealer);
        var clock = new LedgerClock(time ?? TimeProvider.System);
        Singly = new BlockChecks(clock, Registry);
        Bulk = new BulkReader(Replicas, store, calls, clock, new StaleFeeds(Registry));
    }

    public LedgerHealth Health { get; } = new(NullLogger<LedgerHealth>.Instance);
    public SnapshotSaver Saver { get; }
    public BlockReplicas Replicas { get; }
    public RegistryReplica Registry { get; }

    /// <summary>Answers single checks as the API gives them.</summary>
    public BlockChecks Singly { get; }

    public BulkReader Bulk { get; }

    public ValueTask<Answer> CheckAsync(PhoneNumber number) => CheckAsync(Replicas.Of(NumberBlock.Of(number)), number);

    public static ValueTask<Answer> CheckAsync(BlockReplica replica, PhoneNumber number) =>
        replica.AskAsync(NumberBlock.OffsetOf(number), Check);

    /// <summary>Every number of a block, for the lender, and for a consent that is brought along.</summary>
    public ValueTask<Answer[]> CheckAllAsync(NumberBlock block) => Replicas.Of(block).AskAsync(0, static (index, _) =>
        Enumerable.Range(0, NumberBlock.NumbersPerBlock).SelectMany(offset => new[]
        {
            Check(index, (ushort)offset),
            index.Check((ushort)offset, The.Lender, new(Purposes.Marketing, Brought), Now),
        }).ToArray());

    public async Task<BlockHead> HeadAsync(NumberBlock block) => (await _store.ReadHeadsAsync([block], default))[0];

    public void Dispose()
    {
        Saver.Dispose();
        Registry.Dispose();
    }

    public static Answer Check(BlockIndex index, ushort offset) =>
        index.Check(offset, The.Lender, new(Purposes.Marketing, 0), Now);

    private static ushort Brought => Days.Pack(new DateOnly(2025, 7, 15));
    private static Moment Now => Moment.At(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
}
