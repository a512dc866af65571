using System.Diagnostics;
using System.Globalization;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// After whatever breaks, all is served again, and how soon is printed, not judged: that is for
/// docs/operating/cluster.md, on a quiet machine, with NUMBERLEDGER_FAULTS_RECOVERIES=20 of each kind.
/// </summary>
[Collection(Alone.Name)]
public sealed class RecoveryTests
{
    private const string TimesVariable = "NUMBERLEDGER_FAULTS_RECOVERIES";
    private const int Blocks = 8;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3), Storm = TimeSpan.FromSeconds(6);

    /// <summary>Of one node, and it is mended after the storm; or of all, and it is mended at once.</summary>
    private sealed record Kind(
        string Name, bool IsOfOne, TimeSpan Lasts, Func<Cluster, int, Task> Break, Func<Cluster, int, Task> Mend);

    private static readonly Kind[] Kinds =
    [
        new("kill -9 of a process", true, Storm, (cluster, node) => cluster.KillAsync(node), Start),
        new("a process hangs", true, Storm, (cluster, node) => Signal(cluster, node, "STOP"), Wake),
        new("a process is cut off", true, Storm, Cut, Heal),
        new("all processes are killed", false, TimeSpan.Zero, KillAll, StartAll),
        new(
            "PostgreSQL is killed", false, Storm, (cluster, _) => cluster.Postgres.StopImmediatelyAsync(),
            (cluster, _) => cluster.Postgres.StartAsync()),
        new(
            "PostgreSQL hangs", false, Storm, (cluster, _) => cluster.Postgres.SignalAsync("STOP"),
            (cluster, _) => cluster.Postgres.SignalAsync("CONT")),
    ];

    [Fact]
    public async Task All_is_served_again_after_whatever_breaks_and_what_was_acknowledged_stands()
    {
        string? asked = Environment.GetEnvironmentVariable(TimesVariable);
        int times = int.TryParse(asked, CultureInfo.InvariantCulture, out int given) ? given : 1;
        await using Cluster cluster = await Cluster.StartAsync();
        var pulse = new Pulse(cluster, Blocks);
        await pulse.CoverAsync();
        Task run = pulse.RunAsync();
        await Task.Delay(Calm, Ct);
        var seen = new Dictionary<Kind, List<Recovery>>();
        for (int i = 0; i < times * Kinds.Length; i++)
        {
            Kind kind = Kinds[i % Kinds.Length];
            int node = (i / Kinds.Length + i) % cluster.Nodes;
            pulse.Left = kind.IsOfOne ? node : null;
            long broken = Stopwatch.GetTimestamp();
            await kind.Break(cluster, node);
            await Task.WhenAny(run, Task.Delay(kind.Lasts, Ct));
            await kind.Mend(cluster, node);
            long mended = Stopwatch.GetTimestamp();
            await Task.WhenAny(run, Task.Delay(Calm, Ct)); // Until they have found out what happened.
            for (int each = 0; each < cluster.Nodes; each++) await cluster.ReadyAsync(each);
            await Task.WhenAny(run, Task.Delay(Calm, Ct));
            if (run.IsCompleted) break;

            Recovery recovery = pulse.RecoveryOf(kind.IsOfOne ? node : null, broken, mended);
            if (!seen.TryGetValue(kind, out List<Recovery>? all)) seen[kind] = all = [];
            all.Add(recovery);
            Tell($"{kind.Name}: {recovery}");
        }

        pulse.Stop();
        await run;
        // One that was cut off may find out only now that the others did without it.
        for (int each = 0; each < cluster.Nodes; each++) await cluster.ReadyAsync(each);
        Tell("| what | times | checks, s | writes, s | after mending, s | p99 of checks, ms |");
        foreach ((Kind kind, List<Recovery> all) in seen) Tell(Recovery.Row(kind.Name, all));
        Assert.Empty(await pulse.LostAsync());
        (int exitCode, string said) = await cluster.FsckAsync();
        Assert.True(exitCode == 0, said);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Task Signal(Cluster cluster, int node, string signal)
    {
        cluster.Process(node).Signal(signal);
        return Task.CompletedTask;
    }

    private static Task Wake(Cluster cluster, int node) => Signal(cluster, node, "CONT");

    private static Task Start(Cluster cluster, int node)
    {
        cluster.StartNode(node);
        return Task.CompletedTask;
    }

    private static Task Cut(Cluster cluster, int node)
    {
        cluster.Cut(node);
        return Task.CompletedTask;
    }

    private static Task Heal(Cluster cluster, int node)
    {
        cluster.Heal(node);
        return Task.CompletedTask;
    }

    private static Task KillAll(Cluster cluster, int node) =>
        Task.WhenAll(Enumerable.Range(0, cluster.Nodes).Select(cluster.KillAsync));

    private static Task StartAll(Cluster cluster, int node)
    {
        for (int each = 0; each < cluster.Nodes; each++) cluster.StartNode(each);
        return Task.CompletedTask;
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
