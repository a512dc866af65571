namespace NumberLedger.Faults.Tests;

/// <summary>
/// The same traffic and the same judge find every mistake that was put in on purpose, and
/// nothing without.
/// </summary>
[Collection(Alone.Name)]
public sealed class SeededBugTests
{
    /// <summary>Few, so that a block is written to while it is read.</summary>
    private const int Blocks = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2), BetweenLooks = TimeSpan.FromSeconds(1);

    public static TheoryData<string, string[]> Bugs => [.. SeededBug.OfClusters];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_ledger_with_a_mistake_in_it_is_found_out(string bug, string[] foundBy)
    {
        List<string> faults = await RunAsync(bug, Longest, foundBy[0]);

        Assert.All(foundBy, by => Assert.True(
            IsFound(faults, by), $"'{by}' is not among: {string.Join('\n', faults.Take(10))}"));
    }

    [Fact]
    public async Task Without_a_mistake_nothing_is_found_also_when_answers_are_lost() =>
        Assert.Empty(await RunAsync(SeededBug.LosesAnswers, TimeSpan.FromSeconds(10), foundBy: null));

    /// <param name="foundBy">It is over once this is among the faults.</param>
    private static async Task<List<string>> RunAsync(string bug, TimeSpan longest, string? foundBy)
    {
        await using Cluster cluster = await Cluster.StartAsync(nodes: 2, bug);
        var traffic = new Traffic(cluster, new History(), seed: 1, Blocks)
        {
            // A file goes by the real index, which finds the gaps between positions, and does nothing more.
            HasFiles = bug is not SeededBug.NumbersBeforeCommit,
        };
        await traffic.CoverAsync();
        Task run = traffic.RunAsync(workers: 6);
        List<string> faults = [];
        for (DateTime late = DateTime.UtcNow + longest; !IsFound(faults, foundBy) && DateTime.UtcNow < late;)
        {
            await Task.WhenAny(run, Task.Delay(BetweenLooks, Ct));
            if (bug is SeededBug.AllowsWhenTheStoreFails)
            {
                await cluster.Postgres.StopImmediatelyAsync();
                await Task.Delay(BetweenLooks, Ct);
                await cluster.Postgres.StartAsync();
            }

            faults = await traffic.FaultsAsync();
        }

        traffic.Stop();
        await run;
        return await traffic.FaultsAsync();
    }

    private static bool IsFound(List<string> faults, string? foundBy) =>
        foundBy is not null && faults.Any(fault => fault.Contains(foundBy, StringComparison.Ordinal));
}
