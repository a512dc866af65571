using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// One silo over a store that can be made to fail; for the tests of one class, each with blocks of its own.
/// </summary>
public sealed class OneSilo : IAsyncLifetime
{
    internal FaultyStore Store { get; } = new(new InMemoryLedgerStore());

    internal LedgerCluster Cluster { get; private set; } = null!;

    internal Caller Caller => new(Cluster.Grains);

    /// <summary>Asks as the API does that shares the silo's process.</summary>
    internal Caller CallerInside => new(Cluster.GrainsOf(0), Cluster.Service<IBlockReader>());

    internal OtherWriter OtherWriter => new(Store.Inner);

    public async ValueTask InitializeAsync() => Cluster = await LedgerCluster.StartAsync(Store);

    public async ValueTask DisposeAsync()
    {
        Store.Heal();
        await Cluster.DisposeAsync();
        await WholeLedger.VerifyAsync(Store.Inner, default);
    }
}
