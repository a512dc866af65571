using System.Net;
using System.Text.RegularExpressions;

namespace NumberLedger.Faults.Tests;

/// <summary>Mistakes that no cluster shows, since they are about one process and its files.</summary>
public sealed partial class SqliteBugTests : IDisposable
{
    private const int Refusals = 20;

    private readonly DataFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>A killed process cannot show it, the kernel keeps its writes; its calls can.</summary>
    [Theory]
    [InlineData(null, true)]
    [InlineData(SeededBug.NeverSyncs, false)]
    public async Task Whether_the_log_is_synced_for_every_acknowledgement_is_seen(string? bug, bool isSynced)
    {
        string trace = _folder["trace"];
        await using (LedgerProcess process = LedgerProcess.Serve(_folder.Path, null, bug, Strace.Syncs(trace)))
        {
            using Parties parties = await CoveredAsync(process);
            int before = SyncOfLog().Count(await File.ReadAllTextAsync(trace, Ct));
            for (int i = 0; i < Refusals; i++)
            {
                await Asking.RefuseAsync(parties.Operator, NumberOf(i)); // One after the other: none shares a sync.
            }

            process.Kill();
            await process.EndAsync();
            int syncs = SyncOfLog().Count(await Strace.ReadAsync(trace, process)) - before;

            TestContext.Current.TestOutputHelper!.WriteLine($"{syncs} syncs of the log for {Refusals} refusals.");
            Assert.Equal(isSynced, syncs >= Refusals);
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(SeededBug.NeverCompares, false)]
    public async Task Whether_a_store_that_was_rolled_back_says_so_is_seen(string? bug, bool saysSo)
    {
        using var older = new DataFolder();
        await ServeAsync(bug: null, parties => Asking.RefuseAsync(parties.Operator, NumberOf(0)), covers: true);
        CopyDatabase(from: _folder, to: older);
        await ServeAsync(bug: null, parties => Asking.RefuseAsync(parties.Operator, NumberOf(1)));
        CopyDatabase(from: older, to: _folder);

        await ServeAsync(bug, async parties =>
        {
            Answer? check = await parties.Lender.TryPostAsync("/v1/checks", Asking.QuestionOf(NumberOf(1)));
            Answer ready = await parties.Lender.GetAsync("/health/ready");

            bool isRefused = check?.Status is HttpStatusCode.ServiceUnavailable;
            bool isWrongAllow = check is { IsSuccess: true } && (string)check.ReadJson()["verdict"]! is "allow";
            Assert.True(isRefused != isWrongAllow, $"{check}");
            Assert.Equal(saysSo, isRefused);
            Assert.Equal(saysSo, ready.Status is HttpStatusCode.ServiceUnavailable);
        });
    }

    private static string NumberOf(int offset) => $"+86138000{offset:00000}";

    private static void CopyDatabase(DataFolder from, DataFolder to)
    {
        foreach (string file in (string[])["ledger.db", "ledger.db-wal"])
        {
            File.Delete(to[file]);
            if (File.Exists(from[file])) File.Copy(from[file], to[file]);
        }
    }

    /// <summary>Serves, and is told to stop.</summary>
    private async Task ServeAsync(string? bug, Func<Parties, Task> act, bool covers = false)
    {
        await using LedgerProcess process = LedgerProcess.Serve(_folder.Path, null, bug);
        using Parties parties = covers ? await CoveredAsync(process) : await PartiesOfAsync(process);
        await act(parties);
        process.Terminate();
        Assert.Equal(0, await process.EndAsync());
    }

    private async Task<Parties> CoveredAsync(LedgerProcess process)
    {
        Parties parties = await PartiesOfAsync(process);
        await Drill.CoverAsync(parties);
        return parties;
    }

    private async Task<Parties> PartiesOfAsync(LedgerProcess process)
    {
        Uri? address = await process.Address;
        Assert.True(address is not null, $"It does not start: {process.Said}");
        return _folder.PartiesOf(address);
    }

    [GeneratedRegex(@"f(data)?sync\(\d+<[^>]*ledger\.db-wal>")]
    private static partial Regex SyncOfLog();
}
