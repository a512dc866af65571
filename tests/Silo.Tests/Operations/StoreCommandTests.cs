using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Stores;

namespace NumberLedger.Silo.Tests.Operations;

public class StoreCommandTests
{
    [Fact]
    public async Task A_loss_is_told_and_not_accepted_unless_the_operator_says_so()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        ForgetTheLastEntry(ledger);

        (int exitCode, string output, _) = await RunAsync("accept-loss", "--data", ledger.Folder);

        Assert.Equal(4, exitCode);
        Assert.Contains("positions 12 to 12 are missing", output, StringComparison.Ordinal);
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(ledger.Folder, SmallLedger.Master);
        Assert.NotNull(store.Degraded);
    }

    [Fact]
    public async Task An_accepted_loss_is_told_and_the_store_serves_again()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        ForgetTheLastEntry(ledger);

        (int exitCode, string output, _) = await RunAsync("accept-loss", "--data", ledger.Folder, "--yes");

        Assert.Equal(0, exitCode);
        Assert.Contains("Accepted: ", output, StringComparison.Ordinal);
        Assert.Contains("positions 12 to 12 are missing", output, StringComparison.Ordinal);
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(ledger.Folder, SmallLedger.Master);
        Assert.Null(store.Degraded);
    }

    [Fact]
    public async Task A_ledger_that_moved_is_not_served_and_all_else_is_as_before_until_the_loss_is_accepted()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await using (SqliteLedgerStore store = SqliteLedgerStore.Open(ledger.Folder, SmallLedger.Master))
        {
            await store.MarkMovedAsync(
                "PostgreSQL, db1/ledger, at 2026-08-01T12:00:00Z", TestContext.Current.CancellationToken);
        }

        var options = new ServeOptions("http://127.0.0.1:0", ledger.Folder, Path.Combine(ledger.Folder, "keys.json"));
        StartException refused = Assert.Throws<StartException>(() => LedgerHost.Build(options));
        Assert.Contains(
            "The ledger was copied to PostgreSQL, db1/ledger, at 2026-08-01T12:00:00Z", refused.Message,
            StringComparison.Ordinal);
        Assert.Contains("Ledger:Store", refused.Message, StringComparison.Ordinal);
        Assert.Empty((await ledger.FsckAsync()).Findings);

        (int told, string lost, _) = await RunAsync("accept-loss", "--data", ledger.Folder);
        (int accepted, _, _) = await RunAsync("accept-loss", "--data", ledger.Folder, "--yes");

        Assert.Equal((4, 0), (told, accepted));
        Assert.Contains("copied to PostgreSQL, db1/ledger", lost, StringComparison.Ordinal);
        await using WebApplication served = LedgerHost.Build(options);
        await using var again = served.Services.GetRequiredService<SqliteLedgerStore>();
        Assert.Null(again.Moved);
    }

    /// <summary>Numbers without a registry: no ledger begins so.</summary>
    [Fact]
    public async Task Where_a_copy_was_broken_off_no_registry_is_begun_and_nothing_is_served()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        using var half = new TemporaryFolder();
        await CopyFirstEntryAsync(ledger, half);

        (int exitCode, _, string error) = await RunAsync("operator-key", "--data", half.Path);

        Assert.Equal(5, exitCode);
        Assert.Contains("a copy into it was broken off", error, StringComparison.Ordinal);
        var options = new ServeOptions("http://127.0.0.1:0", half.Path, Path.Combine(half.Path, "keys.json"));
        await using WebApplication served = LedgerHost.Build(options);
        await Assert.ThrowsAsync<StartException>(() => served.StartAsync(TestContext.Current.CancellationToken));
        Assert.False(File.Exists(options.KeysOut));
    }

    [Theory]
    [InlineData]
    [InlineData("--yes")]
    public async Task There_is_nothing_to_accept_in_a_sound_store(params string[] more)
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        (int exitCode, string output, _) = await RunAsync(["accept-loss", "--data", ledger.Folder, .. more]);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("Nothing is lost", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_ledger_exits_with_5_and_stays_as_it_was()
    {
        using var folder = new TemporaryFolder();

        (int exitCode, _, string error) = await RunAsync("accept-loss", "--data", folder.Path, "--yes");

        Assert.Equal(5, exitCode);
        Assert.Contains("There is no ledger in", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Snapshots_are_deleted_and_counted()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await ledger.SaveSnapshotAsync();

        (int exitCode, string output, _) = await RunAsync("drop-snapshots", "--data", ledger.Folder);
        (_, string again, _) = await RunAsync("drop-snapshots", "--data", ledger.Folder);

        Assert.Equal((0, "Snapshots deleted: 1."), (exitCode, output.Trim()));
        Assert.Equal("Snapshots deleted: 0.", again.Trim());
    }

    private static async Task CopyFirstEntryAsync(SmallLedger ledger, TemporaryFolder to)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        File.Copy(Path.Combine(ledger.Folder, "master.key"), Path.Combine(to.Path, "master.key"));
        await using SqliteLedgerStore from = SqliteLedgerStore.Open(ledger.Folder, SmallLedger.Master);
        await using SqliteLedgerStore half = SqliteLedgerStore.Open(to.Path, SmallLedger.Master);
        StoredEntry first = (await from.ReadBlockAsync(SmallLedger.Block, 0, 1, ct))[0];
        await half.AppendAsync(
            new(
                SmallLedger.Block, [new(first.Tag, 0)],
                [new(first.Tag, first.Version, first.Salt, first.Sealed, first.Hash, first.Command)],
                DateTimeOffset.UnixEpoch),
            ct);
    }

    private static void ForgetTheLastEntry(SmallLedger ledger)
    {
        ledger.Execute(
            "UPDATE heads SET seq = 11, hash = (SELECT hash FROM events WHERE block = 861380000 AND seq = 11) "
            + "WHERE block = 861380000");
        ledger.Execute("DELETE FROM events WHERE block = 861380000 AND seq = 12");
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        (var output, var error) = (new StringWriter(), new StringWriter());
        int exitCode = await StoreCommand.Create().Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }
}
