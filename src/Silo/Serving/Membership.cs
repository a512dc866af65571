using NumberLedger.Grains;
using Orleans.Configuration;

namespace NumberLedger.Silo;

/// <summary>Makes this process a member of a cluster, or a client of one.</summary>
internal static class Membership
{
    /// <summary>Of a call between silos, unless it says otherwise.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(3);

    public static void AddCluster(this WebApplicationBuilder builder, ClusterSetting cluster)
    {
        builder.Services.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = cluster.ClusterId;
            options.ServiceId = "numberledger";
        });
        // Of a silo that has gone they tell each call, with its stack: the members tell of it, and UnreachableSilos.
        foreach (string each in (string[])["Orleans.Runtime.CallbackData", "Orleans.Messaging", "Polly"])
        {
            builder.Logging.AddFilter(each, LogLevel.Critical);
        }

        if (cluster.Role is ProcessRole.Api) builder.UseOrleansClient(client => AddClient(client, cluster));
        else builder.UseOrleans(silo => AddSilo(silo, cluster));
    }

    private static void AddSilo(ISiloBuilder silo, ClusterSetting cluster)
    {
        silo.UseRedisClustering(redis => redis.ConfigurationOptions = cluster.Members);
        silo.ConfigureEndpoints(cluster.Address, cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: false);
        silo.Configure<SiloMessagingOptions>(messages => messages.ResponseTimeout = ResponseTimeout);

        // The defaults take more than a minute to do without a silo that hangs: docs/operating/cluster.md.
        silo.Configure<ClusterMembershipOptions>(members =>
        {
            members.ProbeTimeout = TimeSpan.FromSeconds(1);
            members.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
            members.MaxProbeTimeout = TimeSpan.FromSeconds(1);
            members.NumMissedProbesLimit = 3;
            members.NumVotesForDeathDeclaration = 2;
            members.ExtendProbeTimeoutDuringDegradation = false;
            members.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
            members.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            // It compares two machines' clocks: who is five minutes ahead of a newcomer would end it at once.
            members.EvictWhenMaxJoinAttemptTimeExceeded = false;
        });
        silo.Services.AddSingleton<IReadiness, SiloReadiness>();
        silo.Services.AddHostedService(services =>
            ActivatorUtilities.CreateInstance<RememberedMembers>(services, cluster.Members));
    }

    private static void AddClient(IClientBuilder client, ClusterSetting cluster)
    {
        client.UseRedisClustering(redis => redis.ConfigurationOptions = cluster.Members);
        client.Configure<ClientMessagingOptions>(messages => messages.ResponseTimeout = ResponseTimeout);
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        client.UseConnectionRetryFilter(static async (_, stopping) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), stopping);
            return true; // Until there is a silo; meanwhile the process does not serve.
        });
        var connected = new ClientReadiness();
        client.Services.AddSingleton<IReadiness>(connected);
        client.AddClusterConnectionLostHandler((_, _) => connected.Gateways = 0);
        client.AddGatewayCountChangedHandler((_, change) => connected.Gateways = change.NumberOfConnectedGateways);
    }

    /// <summary>Silos are called only while the members take them for one.</summary>
    private sealed class SiloReadiness(ISiloStatusOracle members) : IReadiness
    {
        public string? WhyNotReady => members.CurrentStatus is SiloStatus.Active
            ? null
            : "The process is not a member of its cluster.";
    }

    private sealed class ClientReadiness : IReadiness
    {
        private volatile int _gateways = 1; // The process serves from when it has found the first one.

        public int Gateways
        {
            set => _gateways = value;
        }

        public string? WhyNotReady => _gateways > 0 ? null : "There is no silo that the process could call.";
    }
}
