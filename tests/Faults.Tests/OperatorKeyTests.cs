using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// Whoever may touch the store can make an operator: the first one, or the next after the last was lost.
/// </summary>
public sealed class OperatorKeyTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task In_a_fresh_folder_it_lets_the_operator_in_and_nobody_else_is_there()
    {
        (int exitCode, string said) = await MakeAsync();
        Assert.True(exitCode == 0, said);

        await using LedgerProcess process = LedgerProcess.Serve(_folder.Path);
        await RegisterAsync(process, KeyIn(said), "lender-1");
        Assert.False(File.Exists(_folder["keys.json"]));
    }

    [Fact]
    public async Task An_operator_that_lost_every_key_gets_another()
    {
        await using (LedgerProcess first = LedgerProcess.Serve(_folder.Path))
        {
            using Parties parties = _folder.PartiesOf((await first.Address)!);
        }

        (int exitCode, string said) = await MakeAsync("--party", "demo-operator");

        Assert.True(exitCode == 0, said);
        await using LedgerProcess again = LedgerProcess.Serve(_folder.Path);
        await RegisterAsync(again, KeyIn(said), "lender-1");
    }

    [Fact]
    public async Task Another_party_is_no_operator()
    {
        await using (LedgerProcess first = LedgerProcess.Serve(_folder.Path)) await first.Address;

        (int exitCode, string said) = await MakeAsync("--party", "demo-lender");

        Assert.Equal(1, exitCode);
        Assert.Contains("demo-lender is a party already, and no operator", said, StringComparison.Ordinal);
        Assert.DoesNotContain("nl_", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_the_key_of_a_ledger_in_a_database_is_missing_is_not_said_of_the_folder()
    {
        (int exitCode, string said) = await LedgerProcess.RunWithAsync(
            "Host=127.0.0.1;Port=1", "fsck", "--data", _folder.Path);

        Assert.Equal(5, exitCode);
        Assert.Contains("The master key of the ledger in the database is missing", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_a_database_no_master_key_is_made_that_nobody_shares()
    {
        (int exitCode, string said) = await LedgerProcess.RunWithAsync(
            "Host=127.0.0.1;Port=1", "store", "operator-key", "--data", _folder.Path);

        Assert.Equal(5, exitCode);
        Assert.Contains("share one master key", said, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["master.key"]));
    }

    private Task<(int ExitCode, string Said)> MakeAsync(params string[] more) =>
        LedgerProcess.RunAsync(["store", "operator-key", "--data", _folder.Path, .. more]);

    private static string KeyIn(string said) =>
        said.Split('\n').Single(line => line.StartsWith("nl_", StringComparison.Ordinal));

    /// <summary>Only an operator may.</summary>
    private static async Task RegisterAsync(LedgerProcess process, string key, string party)
    {
        Uri? address = await process.Address;
        Assert.True(address is not null, process.Said);
        using var client = new LedgerClient(address, key);
        await client.PostAsync(
            "/v1/parties", new JsonObject { ["id"] = party, ["name"] = party, ["role"] = "lender" });
    }
}
