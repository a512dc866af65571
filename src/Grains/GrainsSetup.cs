using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Providers;
using Orleans.Runtime.Hosting;

namespace NumberLedger.Grains;

/// <summary>What grains need besides stores, sealers and binding ids, which the host brings.</summary>
public static class GrainsSetup
{
    /// <param name="inCluster">Other processes hold indexes too: files are spread over them.</param>
    /// <param name="indexBytesMax">
    /// How much memory the indexes of blocks may take, all together; null: a quarter of what the process may use.
    /// </param>
    public static IServiceCollection AddLedgerGrains(
        this IServiceCollection services, bool inCluster = false, long? indexBytesMax = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LedgerClock>();
        services.TryAddSingleton<LedgerHealth>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadiness, LedgerHealth>(
            provider => provider.GetRequiredService<LedgerHealth>()));
        services.TryAddSingleton(inCluster ? StoreDeadlines.InCluster : StoreDeadlines.Default);
        services.TryAddSingleton<StoreCalls>();
        services.TryAddSingleton<HeadReader>();
        services.TryAddSingleton<LedgerWriter>();
        services.TryAddSingleton<RegistryReplica>();
        services.TryAddSingleton<IRegistryReader>(provider => provider.GetRequiredService<RegistryReplica>());
        services.TryAddSingleton<RegistryWriter>();
        services.TryAddSingleton<IRegistryWriter>(provider => provider.GetRequiredService<RegistryWriter>());
        services.TryAddSingleton(indexBytesMax is { } bytes ? new IndexMemory(bytes) : IndexMemory.Default);
        services.TryAddSingleton<BlockSource>();
        services.TryAddSingleton<SnapshotSaver>();
        services.TryAddSingleton<BlockReplicas>();
        services.TryAddSingleton<BlockChecks>();
        services.TryAddSingleton<IBlockReader, BlockReader>();
        services.TryAddSingleton<StaleFeeds>();
        services.TryAddSingleton<BulkReader>();
        services.TryAddSingleton<IBlockDirectory, BlockDirectory>();
        services.TryAddSingleton<BulkGroupWriter>();
        services.TryAddSingleton<BulkWriter>();
        services.TryAddSingleton<LanePlaces>();
        services.AddPlacementDirector<LanePlacement, LanePlacementDirector>();
        foreach (string name in (string[])[StateGrainStorage.Name, ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME])
        {
            services.AddGrainStorage(
                name, (provider, _) => ActivatorUtilities.CreateInstance<StateGrainStorage>(provider));
        }

        if (inCluster)
        {
            services.TryAddSingleton<IBulkReader, SpreadReader>();
            services.TryAddSingleton<IBulkWriter, SpreadWriter>();
            services.AddSingleton<IOutgoingGrainCallFilter, UnreachableSilos>();
            services.AddHostedService<RegistryWatch>();
            services.AddHostedService<WentBackWatch>();
        }
        else
        {
            services.TryAddSingleton<IBulkReader>(provider => provider.GetRequiredService<BulkReader>());
            services.TryAddSingleton<IBulkWriter>(provider => provider.GetRequiredService<BulkWriter>());
        }

        return services;
    }
}
