using Microsoft.Extensions.Hosting;

namespace NumberLedger.Grains;

/// <summary>In a cluster, has every process read the registry now and then.</summary>
/// <remarks>
/// Answers tell of feeds as they were last read. Where there is an API every request has the registry read; a silo
/// without one would answer others without ever having heard of a feed.
/// </remarks>
internal sealed class RegistryWatch(RegistryReplica registry) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await registry.ReadAsync(stoppingToken);
            }
            catch (LedgerUnavailableException)
            {
                // Who asks is told so; what is told of feeds stays as it was.
            }

            await Task.Delay(BetweenLooks, stoppingToken);
        }
    }
}
