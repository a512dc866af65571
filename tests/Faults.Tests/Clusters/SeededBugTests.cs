namespace NumberLedger.Faults.Tests;

/// <summary>The same traffic and the same judge find every mistake that was put in on purpose.</summary>
[Collection(Alone.Name)]
public sealed class SeededBugTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2), BetweenLooks = TimeSpan.FromSeconds(2);

    public static TheoryData<string, string> Bugs => [.. SeededBug.All];

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_ledger_with_a_mistake_in_it_is_found_out(string bug, string foundBy)
    {
        await using Cluster cluster = await Cluster.StartAsync(nodes: 2, bug);
        var history = new History();
        var traffic = new Traffic(cluster, history, seed: 1);
        await traffic.CoverAsync();
        Task run = traffic.RunAsync(workers: 6);
        List<string> faults = [];
        for (DateTime late = DateTime.UtcNow + Longest; !IsFound() && DateTime.UtcNow < late;)
        {
            await Task.Delay(BetweenLooks, TestContext.Current.CancellationToken);
            if (bug is SeededBug.AllowsWhenTheStoreFails)
            {
                await cluster.Postgres.StopImmediatelyAsync();
                await Task.Delay(BetweenLooks, TestContext.Current.CancellationToken);
                await cluster.Postgres.StartAsync();
            }

            faults = [.. Judge.Faults(history.Steps), .. await traffic.FaultsAsync()];
        }

        traffic.Stop();
        await run;
        Assert.True(IsFound(), $"'{foundBy}' is not among: {string.Join('\n', faults.Take(10))}");

        bool IsFound() => faults.Any(fault => fault.Contains(foundBy, StringComparison.Ordinal));
    }
}
