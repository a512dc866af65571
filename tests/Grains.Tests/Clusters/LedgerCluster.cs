using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using NumberLedger.Testing;
using Orleans.TestingHost;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// Silos in this process over a store that others may share: two clusters over one store are a partition.
/// </summary>
internal sealed class LedgerCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private LedgerCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public static MasterKey Master { get; } = new(new byte[MasterKey.Size]);

    public static Sealer Sealer { get; } = new(Master);

    public IGrainFactory Grains => _cluster.Client;

    public IReadOnlyList<InProcessSiloHandle> Silos => [.. _cluster.Silos];

    /// <summary>Heads as in the product. The rest is short enough to wait for.</summary>
    private static readonly StoreDeadlines Deadlines =
        StoreDeadlines.Default with { Read = TimeSpan.FromSeconds(1), Write = TimeSpan.FromSeconds(1) };

    public static async Task<LedgerCluster> StartAsync(
        ILedgerStore store, short silos = 1, TimeProvider? time = null, IStateStore? states = null)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Logging.ClearProviders();
            host.Services.AddSingleton(store);
            host.Services.AddSingleton((IClaimStore)store);
            host.Services.AddSingleton((ISnapshotStore)store);
            host.Services.AddSingleton(states ?? new InMemoryStates());
            host.Services.AddSingleton(Master);
            host.Services.AddSingleton(Sealer);
            host.Services.AddSingleton<FileSealer>();
            host.Services.AddSingleton(Deadlines);
            if (time is not null) host.Services.Replace(ServiceDescriptor.Singleton(time));
            host.Services.AddLedgerGrains(inCluster: silos > 1);
        });
        builder.ConfigureClientHost(host => host.Logging.ClearProviders());
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new LedgerCluster(cluster);
    }

    public T Service<T>(int silo = 0)
        where T : notnull => _cluster.GetSiloServiceProvider(Silos[silo].SiloAddress).GetRequiredService<T>();

    /// <summary>A caller inside a silo, as the API is one.</summary>
    public IGrainFactory GrainsOf(int silo) => Service<IGrainFactory>(silo);

    /// <summary>It answers nothing from here on, and nobody was told.</summary>
    public Task KillAsync(int silo) => _cluster.KillSiloAsync(Silos[silo]);

    public Task DeactivateAsync(IAddressable grain) => _cluster.DeactivateAsync(grain);

    public Task MoveAsync(IAddressable grain, int silo) => _cluster.MigrateAsync(grain, Silos[silo].SiloAddress);

    public Task WaitForDeactivationAsync(GrainId grain) => _cluster.WaitForDeactivationAsync(grain);

    public bool IsActive(GrainId grain) => _cluster.TryGetGrainContext(grain, out _);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
