using System.Globalization;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>A file that is killed in the middle is sent again, as often as it takes: nothing doubled, nothing missing.</summary>
public sealed class FileKillTests : IDisposable
{
    /// <summary>Lines of the file; a million is what a large carrier sends.</summary>
    private const string EventsVariable = "NUMBERLEDGER_FAULTS_EVENTS";

    private const string Path = "/v1/carrier-files";
    private const int EventsDefault = 100_000;
    private const int Kills = 3;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_carrier_file_that_was_killed_three_times_is_recorded_once()
    {
        var file = new EventFile(
            int.TryParse(Environment.GetEnvironmentVariable(EventsVariable), CultureInfo.InvariantCulture, out int given)
                ? given
                : EventsDefault);
        await ServeAsync(parties => CoverAsync(parties, file));
        long before = await InspectAsync();

        for (int kill = 1; kill <= Kills; kill++)
        {
            await using LedgerProcess process = LedgerProcess.Serve(_folder.Path);
            using Parties parties = await PartiesOfAsync(process);
            Answer? answer = await parties.Carrier.TrySendAsync(Path, file.Until(0.25 * kill, async () =>
            {
                // Somewhere in the midst of what was taken: reading runs ahead of recording.
                await Task.Delay(Random.Shared.Next(300));
                process.Kill();
            }));
            Assert.Null(answer);
        }

        await ServeAsync(async parties =>
        {
            Answer? last = await parties.Carrier.TrySendAsync(Path, file.Whole());
            Answer? again = await parties.Carrier.TrySendAsync(Path, file.Whole());
            JsonNode counts = CountsOf(last);
            TestContext.Current.TestOutputHelper!.WriteLine(counts.ToJsonString());
            Assert.Equal(file.Events, (int)counts["recorded"]! + (int)counts["duplicate"]!);
            Assert.Equal(file.Events, (int)CountsOf(again)["duplicate"]!);
        });
        Assert.Equal(before + file.Events, await InspectAsync());
    }

    private static async Task CoverAsync(Parties parties, EventFile file) => await parties.Operator.PostAsync(
        "/v1/ranges", new JsonObject
        {
            ["carrier"] = "demo-carrier",
            ["from"] = EventFile.From,
            ["to"] = file.To,
            ["trackedSince"] = "2020-01-01",
        });

    /// <summary>Of a file that was read to its end.</summary>
    private static JsonNode CountsOf(Answer? answer)
    {
        Assert.True(answer is { IsSuccess: true }, $"{answer}");
        JsonNode end = JsonNode.Parse(answer!.Body)!["end"]!;
        Assert.Null(end["stopped"]);
        Assert.Equal(0, (int)end["refused"]!);
        return end;
    }

    private async Task ServeAsync(Func<Parties, Task> act)
    {
        await using LedgerProcess process = LedgerProcess.Serve(_folder.Path);
        using (Parties parties = await PartiesOfAsync(process)) await act(parties);
        process.Terminate();
        Assert.Equal(0, await process.EndAsync());
    }

    private async Task<Parties> PartiesOfAsync(LedgerProcess process)
    {
        Uri? address = await process.Address;
        Assert.True(address is not null, $"It does not start: {process.Said}");
        return _folder.PartiesOf(address);
    }

    /// <returns>How many entries there are, all of them sound.</returns>
    private async Task<long> InspectAsync()
    {
        (int exitCode, string said) = await LedgerProcess.RunAsync("fsck", "--data", _folder.Path, "--json");
        Assert.True(exitCode == 0, said);
        return (long)JsonNode.Parse(said[said.IndexOf('{', StringComparison.Ordinal)..])!["entries"]!;
    }
}
