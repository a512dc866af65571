using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;

namespace NumberLedger.Silo;

/// <summary>
/// Writes the members of the cluster down again when Redis has forgotten them, or has gone back to what it knew
/// earlier.
/// </summary>
/// <remarks>
/// A silo heeds only a table newer than the one it knows, so after such a loss the old silos go on with each other, and
/// whoever joins sees none of them: two clusters, and each end of a member splits off another.
/// </remarks>
internal sealed partial class RememberedMembers(
    ConfigurationOptions redis, IOptions<RedisClusteringOptions> clustering, IOptions<ClusterOptions> cluster,
    ILocalSiloDetails self, ILogger<RememberedMembers> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Where the provider of the table keeps it: a hash, with a field for each member.</summary>
    private readonly RedisKey _key = clustering.Value.CreateRedisKey(cluster.Value);

    private readonly string _self = self.SiloAddress.ToString();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis);
        IDatabase database = connection.GetDatabase();
        MemberTable known = MemberTable.Empty;
        using var timer = new PeriodicTimer(Period);
        bool isTold = false;
        do
        {
            try
            {
                known = await LookAsync(database, known);
            }
            catch (Exception away) when (away is RedisConnectionException or TimeoutException)
            {
                // The next look finds out what it knows when it is back.
            }
            catch (Exception strange) when (strange is not OperationCanceledException)
            {
                if (!isTold) LogStrange(strange.Message);
                isTold = true; // Members go on without this.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<MemberTable> LookAsync(IDatabase database, MemberTable known)
    {
        MemberTable found = MemberTable.Of(await database.HashGetAllAsync(_key));
        if (!found.HasForgotten(known, _self)) return found;

        MemberTable merged = known.And(found);
        ITransaction change = database.CreateTransaction();
        change.AddCondition(found.WasWritten
            ? Condition.HashEqual(_key, MemberTable.VersionField, found.Version)
            : Condition.HashNotExists(_key, MemberTable.VersionField));
        Task written = change.HashSetAsync(_key, merged.ToFields());
        if (!await change.ExecuteAsync()) return known; // Another was faster: the next look shows its table.

        await written;
        LogWrittenAgain(merged.Living, found.Living);
        return merged;
    }

    [LoggerMessage(
        EventId = 1602, Level = LogLevel.Warning,
        Message = "Redis knew {Found} of the {Known} members of the cluster: it has lost data. They are written down again.")]
    private partial void LogWrittenAgain(int known, int found);

    [LoggerMessage(
        EventId = 1603, Level = LogLevel.Warning,
        Message = "The members of the cluster cannot be read in Redis, so they are not written down again if it forgets them: {What}")]
    private partial void LogStrange(string what);
}
