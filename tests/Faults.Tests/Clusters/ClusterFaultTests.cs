using System.Diagnostics;
using System.Globalization;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// Three processes of one ledger: whatever breaks, no check allows what was ended, and nothing that was acknowledged is
/// lost or doubled.
/// </summary>
/// <remarks>
/// A short round; as long a one as is wanted by NUMBERLEDGER_FAULTS_ROUNDS=100. What it took to be served again is
/// printed, and not judged: that is for docs/operating/cluster.md, on a quiet machine.
/// </remarks>
[Collection(Alone.Name)]
public sealed class ClusterFaultTests
{
    private const string RoundsVariable = "NUMBERLEDGER_FAULTS_ROUNDS";
    private const int Workers = 8;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2), Storm = TimeSpan.FromSeconds(5);

    private static readonly Breakage[] Kinds =
    [
        Breakage.NodeKilled, Breakage.NodeHangs, Breakage.NodeCutOff, Breakage.NodeCutFromPeers,
        Breakage.NodeCutFromStores, Breakage.PostgresKilled, Breakage.PostgresHangs, Breakage.RedisForgets,
    ];

    [Fact]
    public async Task Whatever_breaks_no_check_allows_what_was_ended_and_nothing_acknowledged_is_lost_or_doubled()
    {
        string? asked = Environment.GetEnvironmentVariable(RoundsVariable);
        int rounds = int.TryParse(asked, CultureInfo.InvariantCulture, out int given) ? given : 1;
        await using Cluster cluster = await Cluster.StartAsync();
        var history = new History();
        var traffic = new Traffic(cluster, history, seed: 1);
        await traffic.CoverAsync();
        Task run = traffic.RunAsync(Workers);
        await Task.Delay(Calm, Ct);
        for (int i = 0; i < rounds * Kinds.Length; i++)
        {
            int node = (i / Kinds.Length + i) % cluster.Nodes;
            Breakage kind = Kinds[i % Kinds.Length];
            long broken = Stopwatch.GetTimestamp();
            await kind.Break(cluster, node);
            await Task.WhenAny(run, Task.Delay(Storm, Ct));
            long mended = Stopwatch.GetTimestamp();
            await kind.Mend(cluster, node);
            await Task.WhenAny(run, Task.Delay(Calm, Ct)); // Until they have found out what happened.
            for (int each = 0; each < cluster.Nodes; each++) await cluster.ReadyAsync(each);
            await Task.WhenAny(run, Task.Delay(Calm, Ct));
            Tell($"{kind.Name}: {Summary.Of(history.Steps, broken, mended)}");
            if (run.IsCompleted) break;
        }

        traffic.Stop();
        await run;
        Step[] steps = history.Steps;
        Tell($"{steps.Count(step => step.Act is Act.Check):N0} checks, {traffic.Acknowledged:N0} writes acknowledged.");
        List<string> faults = await traffic.FaultsAsync();
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
        (int exitCode, string said) = await cluster.FsckAsync();
        Assert.True(exitCode == 0, said);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
