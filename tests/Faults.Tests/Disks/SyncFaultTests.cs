using System.Globalization;
using System.Net;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// At any of its syncs the disk fails, or the process is killed: nothing acknowledged is lost or doubled.
/// </summary>
/// <remarks>A short round; as long a one as is wanted by NUMBERLEDGER_FAULTS_SYNCS=100.</remarks>
public sealed class SyncFaultTests
{
    private const string RoundsVariable = "NUMBERLEDGER_FAULTS_SYNCS";
    private const int KilledBySignal = 128 + 9, CannotStart = 5;
    private const int RoundsDefault = 2;

    /// <summary>More, and there would be no numbers left.</summary>
    private const int RoundsPerLedger = 4;

    /// <summary>Of the writer's thread, from its start on.</summary>
    private const int SyncsMax = 60;

    /// <summary>Far more than are answered until then: a sync serves all who wait for it.</summary>
    private const int AnswersMax = 20 * SyncsMax;

    private const int AnswersAtATime = 100;
    private const string Trace = "trace";

    [Fact]
    public async Task Once_the_log_was_not_synced_nothing_is_acknowledged_until_it_is_started_anew() =>
        await RunAsync(Strace.Fails, "ledger.db-wal", FailAsync);

    [Fact]
    public async Task Killed_at_any_sync_it_has_lost_nothing() => await RunAsync(Strace.Kills, null, FailAsync);

    /// <summary>It is written anew, and until then nothing is recorded that it would not cover.</summary>
    [Fact]
    public async Task If_the_checkpoint_was_not_synced_all_wait_for_the_next_one() =>
        await RunAsync(Strace.Fails, "ledger.checkpoint", syncsMax: 1, act: async (drill, process) =>
        {
            using Parties parties = await PartiesOfAsync(drill, process);
            bool hasStruck = false;
            while (!hasStruck)
            {
                await drill.RunAsync(parties, AnswersAtATime, static () => { });
                string trace = await File.ReadAllTextAsync(drill.Folder[Trace]);
                hasStruck = trace.Contains(Strace.Struck, StringComparison.Ordinal);
            }

            await drill.RunAsync(parties, AnswersAtATime, process.Kill);
            await process.EndAsync();
        });

    /// <param name="file">Only its syncs count; null: all.</param>
    private static async Task RunAsync(
        string fault, string? file, Func<Drill, LedgerProcess, Task> act, int syncsMax = SyncsMax)
    {
        string? asked = Environment.GetEnvironmentVariable(RoundsVariable);
        int rounds = int.TryParse(asked, CultureInfo.InvariantCulture, out int given) ? given : RoundsDefault;
        foreach (int[] some in Enumerable.Range(0, rounds).Chunk(RoundsPerLedger))
        {
            using var drill = new Drill(Random.Shared.Next());
            await ServeAsync(drill, Drill.CoverAsync);
            foreach (int _ in some)
            {
                int sync = Random.Shared.Next(1, syncsMax + 1);
                TestContext.Current.TestOutputHelper!.WriteLine($"{fault} at sync {sync}");
                string trace = drill.Folder[Trace];
                string[] under = Strace.AtSync(trace, sync, fault, file is null ? null : drill.Folder[file]);
                await using (LedgerProcess process = LedgerProcess.Serve(drill.Folder.Path, null, null, under))
                {
                    await act(drill, process);
                    Assert.Contains(Strace.Struck, await Strace.ReadAsync(trace, process), StringComparison.Ordinal);
                }

                await ServeAsync(drill, drill.VerifyAsync);
            }

            await ServeAsync(drill, async parties =>
            {
                await drill.SettleAsync(parties);
                await drill.VerifyAllAsync(parties);
            });
            (int exitCode, string said) = await LedgerProcess.RunAsync("fsck", "--data", drill.Folder.Path);
            Assert.True(exitCode == 0, said);
        }
    }

    /// <summary>All write until nobody is answered any more. A disk that failed once is not believed again.</summary>
    private static async Task FailAsync(Drill drill, LedgerProcess process)
    {
        if (await process.Address is not { } address)
        {
            // While it started: it is killed, or says why it does not.
            Assert.Contains(await process.EndAsync(), (int[])[KilledBySignal, CannotStart]);
            return;
        }

        using Parties parties = drill.Folder.PartiesOf(address);
        Assert.False(
            await drill.TryRunAsync(parties, AnswersMax, process.Kill), "It went on as if its disk had not failed.");
        if (process.HasEnded) return;

        Assert.Equal(HttpStatusCode.OK, (await parties.Lender.GetAsync("/health/live")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await parties.Lender.GetAsync("/health/ready")).Status);
        Answer? check = await parties.Lender.TryPostAsync("/v1/checks", Asking.QuestionOf(Book.From));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, check?.Status);
        process.Terminate();
        Assert.Equal(0, await process.EndAsync());
    }

    /// <summary>On a sound disk, until it is told to stop.</summary>
    private static async Task ServeAsync(Drill drill, Func<Parties, Task> act)
    {
        await using LedgerProcess process = LedgerProcess.Serve(drill.Folder.Path);
        using Parties parties = await PartiesOfAsync(drill, process);
        await act(parties);
        process.Terminate();
        Assert.Equal(0, await process.EndAsync());
    }

    private static async Task<Parties> PartiesOfAsync(Drill drill, LedgerProcess process)
    {
        Uri? address = await process.Address;
        Assert.True(address is not null, $"It does not start: {process.Said}");
        return drill.Folder.PartiesOf(address);
    }
}
