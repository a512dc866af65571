using System.CommandLine;
using System.Text.Json;
using NumberLedger.Stores;

namespace NumberLedger.Silo.Tests.Operations;

public class FsckCommandTests
{
    [Fact]
    public async Task A_sound_ledger_exits_with_0_and_says_how_much_was_seen()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        (int exitCode, string output, _) = await RunAsync("--data", ledger.Folder);

        Assert.Equal((0, "fsck: all sound. 2 blocks, 14 entries, 4 numbers."), (exitCode, output.Trim()));
    }

    [Fact]
    public async Task Damage_exits_with_4_and_says_block_position_what_and_what_to_do()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        ledger.Execute("UPDATE events SET sealed = flip(sealed, 30) WHERE block > 0 AND seq = 4");

        (int exitCode, string output, _) = await RunAsync("--data", ledger.Folder);

        Assert.Equal(4, exitCode);
        Assert.StartsWith("block 861380000, position 4: ", output, StringComparison.Ordinal);
        Assert.Contains("fsck: 1 finding in 2 blocks, 14 entries, ", output, StringComparison.Ordinal);
        Assert.Contains("bytes-changed: Do not serve from this folder", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON_every_finding_has_all_of_that()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        ledger.Execute("DELETE FROM events WHERE block > 0 AND seq IN (9, 10)");

        (int exitCode, string output, _) = await RunAsync("--json", "--data", ledger.Folder);

        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal(4, exitCode);
        Assert.False(json.RootElement.GetProperty("sound").GetBoolean());
        Assert.Equal("861380000", finding.GetProperty("block").GetString());
        Assert.Equal(9, finding.GetProperty("position").GetInt64());
        Assert.Equal("positions-missing", finding.GetProperty("code").GetString());
        Assert.NotEmpty(finding.GetProperty("remedy").GetString()!);
    }

    [Fact]
    public async Task A_running_ledger_exits_with_5_and_nothing_is_said_about_it()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await using SqliteLedgerStore running = SqliteLedgerStore.Open(ledger.Folder, SmallLedger.Master);

        (int exitCode, string output, string error) = await RunAsync("--data", ledger.Folder);

        Assert.Equal((5, ""), (exitCode, output));
        Assert.Contains("in use by another process", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_ledger_exits_with_5_and_stays_as_it_was()
    {
        using var folder = new TemporaryFolder();

        (int none, _, string missing) = await RunAsync("--data", folder["none"]);
        (int empty, _, _) = await RunAsync("--data", folder.Path);

        Assert.Equal((5, 5), (none, empty));
        Assert.Contains("There is no ledger in", missing, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        (var output, var error) = (new StringWriter(), new StringWriter());
        int exitCode = await FsckCommand.Create().Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }
}
