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

    /// <summary>Of one node, and it is mended after the storm; or of all, and they are started again at once.</summary>
    private sealed record Kind(Breakage What, bool IsOfOne, TimeSpan Lasts);

    private static readonly Kind[] Kinds =
    [
        new(Breakage.NodeKilled, IsOfOne: true, Storm), new(Breakage.NodeHangs, IsOfOne: true, Storm),
        new(Breakage.NodeCutOff, IsOfOne: true, Storm), new(Breakage.NodesKilled, IsOfOne: false, TimeSpan.Zero),
        new(Breakage.PostgresKilled, IsOfOne: false, Storm), new(Breakage.PostgresHangs, IsOfOne: false, Storm),
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
            await kind.What.Break(cluster, node);
            await Task.WhenAny(run, Task.Delay(kind.Lasts, Ct));
            await kind.What.Mend(cluster, node);
            long mended = Stopwatch.GetTimestamp();
            await Task.WhenAny(run, Task.Delay(Calm, Ct)); // Until they have found out what happened.
            for (int each = 0; each < cluster.Nodes; each++) await cluster.ReadyAsync(each);
            await Task.WhenAny(run, Task.Delay(Calm, Ct));
            if (run.IsCompleted) break;

            Recovery recovery = pulse.RecoveryOf(kind.IsOfOne ? node : null, broken, mended);
            if (!seen.TryGetValue(kind, out List<Recovery>? all)) seen[kind] = all = [];
            all.Add(recovery);
            Tell($"{kind.What.Name}: {recovery}");
        }

        pulse.Stop();
        await run;
        // One that was cut off may find out only now that the others did without it.
        for (int each = 0; each < cluster.Nodes; each++) await cluster.ReadyAsync(each);
        Tell("| what | times | checks, s | writes, s | after mending, s | p99 of checks, ms |");
        foreach ((Kind kind, List<Recovery> all) in seen) Tell(Recovery.Row(kind.What.Name, all));
        Assert.Empty(await pulse.LostAsync());
        (int exitCode, string said) = await cluster.FsckAsync();
        Assert.True(exitCode == 0, said);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
