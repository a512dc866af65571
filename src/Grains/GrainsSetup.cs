using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NumberLedger.Grains;

/// <summary>What grains need besides a store, a sealer and binding ids, which the host brings.</summary>
public static class GrainsSetup
{
    /// <param name="indexBytesMax">
    /// How much memory the indexes of blocks may take, all together; null: a quarter of what the process may use.
    /// </param>
    public static IServiceCollection AddLedgerGrains(this IServiceCollection services, long? indexBytesMax = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LedgerClock>();
        services.TryAddSingleton<LedgerHealth>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadiness, LedgerHealth>(
            provider => provider.GetRequiredService<LedgerHealth>()));
        services.TryAddSingleton(StoreDeadlines.Default);
        services.TryAddSingleton<StoreCalls>();
        services.TryAddSingleton<HeadReader>();
        services.TryAddSingleton<LedgerWriter>();
        services.TryAddSingleton<RegistryReplica>();
        services.TryAddSingleton<IRegistryReader>(provider => provider.GetRequiredService<RegistryReplica>());
        services.TryAddSingleton(indexBytesMax is { } bytes ? new IndexMemory(bytes) : IndexMemory.Default);
        services.TryAddSingleton<BlockSource>();
        services.TryAddSingleton<SnapshotSaver>();
        services.TryAddSingleton<BlockReplicas>();
        services.TryAddSingleton<BlockChecks>();
        services.TryAddSingleton<IBlockReader, BlockReader>();
        services.TryAddSingleton<StaleFeeds>();
        services.TryAddSingleton<IBulkReader, BulkReader>();
        services.TryAddSingleton<IBlockDirectory, BlockDirectory>();
        services.TryAddSingleton<BulkGroupWriter>();
        services.TryAddSingleton<IBulkWriter, BulkWriter>();
        return services;
    }
}
