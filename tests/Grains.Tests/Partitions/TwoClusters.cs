using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// Two clusters that know nothing of each other over one store: what a partition makes of one.
/// </summary>
public sealed class TwoClusters : IAsyncLifetime
{
    internal FaultyStore Store { get; } = new(new InMemoryLedgerStore());

    internal LedgerCluster[] Clusters { get; private set; } = [];

    /// <summary>One on each side: from outside, and inside a silo, as the API is.</summary>
    internal Caller[] Callers =>
    [
        new(Clusters[0].Grains), new(Clusters[1].GrainsOf(0), Clusters[1].Service<IBlockReader>()),
    ];

    public async ValueTask InitializeAsync() =>
        Clusters = [await LedgerCluster.StartAsync(Store), await LedgerCluster.StartAsync(Store, silos: 2)];

    public async ValueTask DisposeAsync()
    {
        Store.Heal();
        foreach (LedgerCluster cluster in Clusters) await cluster.DisposeAsync();
        await WholeLedger.VerifyAsync(Store.Inner, default);
    }
}
