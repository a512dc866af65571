using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using NumberLedger.Testing;

namespace NumberLedger.Faults.Tests;

/// <summary>The process and its folder: who may have it, and when it must not be believed.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_process_on_a_folder_is_told_so_and_the_first_goes_on()
    {
        await using LedgerProcess first = LedgerProcess.Serve(_folder.Path);
        using Parties parties = await ServingAsync(first);
        await RefuseAsync(parties, "+8613800000001");

        await using LedgerProcess second = LedgerProcess.Serve(_folder.Path);

        Assert.Null(await second.Address);
        Assert.NotEqual(0, await second.EndAsync());
        Assert.Contains($"'{_folder.Path}' is in use by another process", second.Said, StringComparison.Ordinal);
        Assert.Contains("stop that one, or give this one a folder of its own", second.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Said, StringComparison.Ordinal); // No stack trace.
        await RefuseAsync(parties, "+8613800000002");
        Assert.Equal(HttpStatusCode.OK, (await parties.Lender.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named_with_the_option_that_gives_another()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string url = $"http://{taken.LocalEndpoint}";

        (int exitCode, string said) = await LedgerProcess.RunAsync("serve", "--urls", url, "--data", _folder.Path);

        Assert.Equal(5, exitCode);
        Assert.Equal(
            $"numberledger: Another process listens at {url}. Stop that one, or give this one another address: --urls.",
            said);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_before_anything_is_made()
    {
        (int exitCode, string said) = await LedgerProcess.RunAsync(
            "serve", "--urls", "http://203.0.113.9:5080", "--data", _folder.Path);

        Assert.Equal(5, exitCode);
        Assert.StartsWith(
            "numberledger: Nobody can listen at http://203.0.113.9:5080 here: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_member_that_does_not_find_its_Redis_names_it_in_one_line()
    {
        await using PostgresServer postgres = await PostgresServer.StartAsync();

        (int exitCode, string said) = await LedgerProcess.RunWithAsync(
            new Dictionary<string, string?>
            {
                ["LEDGER__STORE"] = postgres.ConnectionString,
                ["LEDGER__MEMBERS"] = "127.0.0.1:1,connectTimeout=500,asyncTimeout=500",
                ["LEDGER__MASTERKEY"] = new string('7', 64),
            },
            "serve", "--urls", "http://127.0.0.1:0", "--data", _folder.Path);

        Assert.Equal(5, exitCode);
        Assert.StartsWith(
            "numberledger: Redis cannot be reached at 127.0.0.1:1, which the setting Ledger:Members names.", said,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    [Fact]
    public async Task An_API_that_finds_no_silo_says_where_it_looks_and_goes_on_looking()
    {
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        await using LedgerProcess process = LedgerProcess.Start(
            [LedgerProcess.Program, "serve", "--urls", "http://127.0.0.1:0", "--data", _folder.Path],
            new Dictionary<string, string?>
            {
                ["LEDGER__STORE"] = postgres.ConnectionString,
                ["LEDGER__MEMBERS"] = "127.0.0.1:1",
                ["LEDGER__ROLE"] = "api",
                ["LEDGER__MASTERKEY"] = new string('7', 64),
            });

        while (process.Said.Length == 0 && !process.HasEnded)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.False(process.HasEnded);
        Assert.StartsWith(
            "numberledger: No silo is found yet in Redis at 127.0.0.1:1, which the setting Ledger:Members names.",
            process.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_was_copied_to_a_database_is_served_from_there_and_not_from_its_folder()
    {
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        string store = $"{postgres.ConnectionString};Password=hidden";
        string[] copy = ["store", "copy", "--data", _folder.Path, "--to"];
        await using (LedgerProcess first = LedgerProcess.Serve(_folder.Path)) await first.Address;

        (int copied, string told) = await LedgerProcess.RunWithAsync(store, [.. copy, "database"]);
        (int again, string toldAgain) = await LedgerProcess.RunWithAsync(store, [.. copy, "database"]);
        await using (LedgerProcess moved = LedgerProcess.Serve(_folder.Path, store))
        {
            Assert.NotNull(await moved.Address);
        }

        await using (LedgerProcess old = LedgerProcess.Serve(_folder.Path))
        {
            Assert.Equal(5, await old.EndAsync());
            Assert.Contains("The ledger was copied to PostgreSQL, ", old.Said, StringComparison.Ordinal);
            Assert.Contains("/postgres, at 2", old.Said, StringComparison.Ordinal);
            Assert.DoesNotContain("hidden", old.Said, StringComparison.Ordinal);
        }

        Assert.True((copied, again) == (0, 0), told + toldAgain);
        (int back, string toldBack) = await LedgerProcess.RunWithAsync(store, [.. copy, "folder"]);
        Assert.True(back == 0, toldBack);
        (int accepted, _) = await LedgerProcess.RunAsync("store", "accept-loss", "--data", _folder.Path, "--yes");
        Assert.Equal(0, accepted);
        await using LedgerProcess served = LedgerProcess.Serve(_folder.Path);
        Assert.NotNull(await served.Address);
    }

    [Fact]
    public async Task A_folder_behind_its_signed_checkpoint_is_served_degraded_and_no_check_is_answered()
    {
        await RunAsync(parties => RefuseAsync(parties, "+8613800000001"));
        byte[] before = await File.ReadAllBytesAsync(_folder["ledger.db"], TestContext.Current.CancellationToken);
        await RunAsync(parties => RefuseAsync(parties, "+8613800000002"));

        await File.WriteAllBytesAsync(_folder["ledger.db"], before, TestContext.Current.CancellationToken);

        await using LedgerProcess process = LedgerProcess.Serve(_folder.Path);
        using Parties parties = await ServingAsync(process);
        Assert.Equal(HttpStatusCode.OK, (await parties.Lender.GetAsync("/health/live")).Status);
        Answer ready = await parties.Lender.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Answer? check = await parties.Lender.TryPostAsync(
            "/v1/checks", new JsonObject { ["number"] = "+8613800000001", ["purpose"] = "marketing" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, check?.Status);
        Answer? refusal = await parties.Operator.TryPostAsync("/v1/opt-outs", RefusalOf("+8613800000003"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal?.Status);

        // What is missing is the operator's business: callers, and anybody can ask for readiness, are told neither the
        // block nor the folder.
        Assert.All([ready, check, refusal], answer =>
        {
            Assert.DoesNotContain("861380000", answer!.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(_folder.Path, answer.Body, StringComparison.Ordinal);
        });
        process.Terminate();
        Assert.Equal(0, await process.EndAsync());
        Assert.Contains("block 861380000", process.Said, StringComparison.Ordinal);
        Assert.Contains("degraded, and not ready. The store may have lost", process.Said, StringComparison.Ordinal);
    }

    private async Task RunAsync(Func<Parties, Task> act)
    {
        await using LedgerProcess process = LedgerProcess.Serve(_folder.Path);
        using Parties parties = await ServingAsync(process);
        await act(parties);
        process.Terminate();
        Assert.Equal(0, await process.EndAsync());
    }

    private async Task<Parties> ServingAsync(LedgerProcess process)
    {
        Uri? address = await process.Address;
        Assert.True(address is not null, $"It does not start: {process.Said}");
        return _folder.PartiesOf(address);
    }

    private static Task<JsonNode> RefuseAsync(Parties parties, string number) =>
        parties.Operator.PostAsync("/v1/opt-outs", RefusalOf(number));

    private static JsonObject RefusalOf(string number) => new() { ["number"] = number, ["scope"] = "everyone" };
}
