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

    private static readonly (string Name, Func<Cluster, int, Task> Break, Func<Cluster, int, Task> Mend)[] Kinds =
    [
        ("kill -9 of a node", (cluster, node) => cluster.KillAsync(node), StartAgainAsync),
        ("a node hangs", (cluster, node) => Signal(cluster, node, "STOP"), WakeAsync),
        ("a node is cut off from all", (cluster, node) => Cut(cluster, node, true, true), HealAsync),
        ("a node is cut off from its peers alone", (cluster, node) => Cut(cluster, node, true, false), HealAsync),
        ("a node is cut off from the stores alone", (cluster, node) => Cut(cluster, node, false, true), HealAsync),
        (
            "PostgreSQL is killed", (cluster, _) => cluster.Postgres.StopImmediatelyAsync(),
            (cluster, _) => cluster.Postgres.StartAsync()
        ),
        (
            "PostgreSQL hangs", (cluster, _) => cluster.Postgres.SignalAsync("STOP"),
            (cluster, _) => cluster.Postgres.SignalAsync("CONT")
        ),
        (
            "Redis is killed, and forgets all", (cluster, _) => cluster.Redis.KillAsync(),
            (cluster, _) => cluster.Redis.RestartAsync()
        ),
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
            (string name, Func<Cluster, int, Task> breaks, Func<Cluster, int, Task> mends) = Kinds[i % Kinds.Length];
            long broken = Stopwatch.GetTimestamp();
            await breaks(cluster, node);
            await Task.WhenAny(run, Task.Delay(Storm, Ct));
            long mended = Stopwatch.GetTimestamp();
            await mends(cluster, node);
            await Task.WhenAny(run, Task.Delay(Calm, Ct)); // Until they have found out what happened.
            for (int each = 0; each < cluster.Nodes; each++) await cluster.ReadyAsync(each);
            await Task.WhenAny(run, Task.Delay(Calm, Ct));
            Tell($"{name}: {Summary.Of(history.Steps, broken, mended)}");
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

    private static Task Signal(Cluster cluster, int node, string signal)
    {
        cluster.Process(node).Signal(signal);
        return Task.CompletedTask;
    }

    private static Task Cut(Cluster cluster, int node, bool fromPeers, bool fromStores)
    {
        cluster.Cut(node, fromPeers, fromStores);
        return Task.CompletedTask;
    }

    private static Task StartAgainAsync(Cluster cluster, int node)
    {
        cluster.StartNode(node);
        return Task.CompletedTask;
    }

    private static Task WakeAsync(Cluster cluster, int node) => Signal(cluster, node, "CONT");

    private static Task HealAsync(Cluster cluster, int node)
    {
        cluster.Heal(node);
        return Task.CompletedTask;
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
