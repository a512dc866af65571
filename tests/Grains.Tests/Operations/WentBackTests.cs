using Microsoft.Extensions.Hosting;
using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>What one process of a cluster found, all of them heed.</summary>
public sealed class WentBackTests
{
    [Fact]
    public async Task What_one_process_noticed_the_others_heed_and_one_that_starts_later_does_not()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        var states = new InMemoryStates();
        var store = new InMemoryLedgerStore();
        await using LedgerCluster cluster = await LedgerCluster.StartAsync(store, silos: 2, states: states);
        cluster.Service<LedgerHealth>(0).WentBack(new NumberBlock(861_380_000));

        while (cluster.Service<LedgerHealth>(1).WhyNotReady is null) await Task.Delay(10, ct);
        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(
            () => cluster.Service<IRegistryReader>(1).ReadAsync(ct).AsTask());
        Assert.Single(await states.ListAsync("went_back.", ct));

        await using LedgerCluster later = await LedgerCluster.StartAsync(store, silos: 2, states: states);
        await WatchOf(later).LookAsync(ct);
        Assert.Null(later.Service<LedgerHealth>(0).WhyNotReady);
    }

    private static WentBackWatch WatchOf(LedgerCluster cluster) =>
        cluster.Service<IEnumerable<IHostedService>>().OfType<WentBackWatch>().Single();
}
