namespace NumberLedger.Faults.Tests;

/// <summary>
/// Of three machines, one's clock is an hour ahead and another's an hour behind: no promise rests on
/// clocks.
/// </summary>
[Collection(Alone.Name)]
public sealed class ClockTests
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_clocks_two_hours_apart_nothing_is_allowed_wrongly_nor_lost_and_no_time_goes_back()
    {
        await using Cluster cluster = await Cluster.StartAsync(nodes: 3, node => node switch
        {
            0 => SeededBug.AnHourAhead,
            1 => SeededBug.AnHourBehind,
            _ => null,
        });
        var traffic = new Traffic(cluster, new History(), seed: 1, blocks: 4);
        await traffic.CoverAsync();
        Task run = traffic.RunAsync(workers: 6);
        await Task.WhenAny(run, Task.Delay(Calm, Ct));
        for (int node = 0; node < 2; node++)
        {
            // The others agree that it is gone, and that it is back, whatever time they think it is.
            await cluster.KillAsync(node);
            await Task.WhenAny(run, Task.Delay(Calm, Ct));
            cluster.StartNode(node);
            await cluster.ReadyAsync(node);
        }

        await Task.WhenAny(run, Task.Delay(Calm, Ct));
        traffic.Stop();
        await run;

        List<string> faults = await traffic.FaultsAsync();
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
        TestContext.Current.TestOutputHelper!.WriteLine($"{traffic.Acknowledged:N0} writes acknowledged.");
        (int exitCode, string said) = await cluster.FsckAsync();
        Assert.True(exitCode == 0, said);
    }
}
