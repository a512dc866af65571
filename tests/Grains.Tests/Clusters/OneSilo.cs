using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// One silo over a store that can be made to fail; for the tests of one class, each with blocks of its own.
/// </summary>
public sealed class OneSilo : IAsyncLifetime
{
    private readonly InMemoryLedgerStore _store = new();

    public OneSilo() => Store = new FaultyStore(_store);

    internal FaultyStore Store { get; }

    internal LedgerCluster Cluster { get; private set; } = null!;

    internal Caller Caller => new(Cluster.Grains);

    /// <summary>Asks as the API does that shares the silo's process.</summary>
    internal Caller CallerInside => new(Cluster.GrainsOf(0), Cluster.Service<IBlockReader>());

    /// <summary>As of a store whose transactions are small. To be set back.</summary>
    internal int EntriesMax
    {
        set => _store.EntriesMax = value;
    }

    internal OtherWriter OtherWriter => new(Store.Inner);

    /// <summary>Takes a number's entry away, all but that there was one.</summary>
    internal void Erase(PhoneNumber number, long position) => _store.Erase(NumberBlock.Of(number), position);

    /// <summary>What the index in this process says, once it is up to date.</summary>
    internal async Task<byte[]> SnapshotInMemoryAsync(NumberBlock block) =>
        await Cluster.Service<BlockReplicas>().Of(block).AskAsync(0, static (index, _) => SnapshotCodec.Encode(index));

    /// <summary>What an index says that is made of all entries anew.</summary>
    internal static byte[] SnapshotOf(NumberBlock block, IReadOnlyList<StoredEntry> entries) =>
        SnapshotCodec.Encode(BlockFold.Fold(block, LedgerCluster.Sealer, entries).ToIndex(block));

    public async ValueTask InitializeAsync() => Cluster = await LedgerCluster.StartAsync(Store);

    public async ValueTask DisposeAsync()
    {
        Store.Heal();
        await Cluster.DisposeAsync();
        await WholeLedger.VerifyAsync(Store.Inner, default);
    }
}
