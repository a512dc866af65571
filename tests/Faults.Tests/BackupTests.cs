using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using NumberLedger.Testing;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// A ledger is copied while it serves, comes back as it was, and never pretends to be more than it is.
/// </summary>
public sealed class BackupTests : IDisposable
{
    /// <summary>Some 15 MB of backup: more than any socket holds.</summary>
    private static readonly EventFile Many = new(100_000);

    private static readonly EventFile Few = new(10_000);

    private readonly Drill _drill = new(Random.Shared.Next());
    private readonly DataFolder _files = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DataFolder Folder => _drill.Folder;

    private string Backup => _files["one.nlbackup"];

    public void Dispose()
    {
        _drill.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Taken_while_64_write_it_has_all_that_was_acknowledged_before_and_restored_it_says_the_same()
    {
        await using LedgerProcess process = LedgerProcess.Serve(Folder.Path);
        (Uri address, Parties parties) = await FilledAsync(process, Many);
        using var refusals = new Refusals(parties);
        await refusals.GoOnAsync(count: 200);

        string[] before = refusals.Acknowledged;
        (int exitCode, string said) = await BackUpAsync(address, Backup);
        int after = refusals.Acknowledged.Length;

        Assert.True(exitCode == 0, said);
        Assert.True(after > before.Length, "Nothing was recorded meanwhile.");
        await refusals.EndAsync();
        string[] numbers = [.. refusals.Acknowledged, .. Many.Some(500)];
        string[] verdicts = await Asking.VerdictsAsync(parties, numbers);
        (exitCode, said) = await BackUpAsync(address, _files["last.nlbackup"]);
        Assert.True(exitCode == 0, said);

        string[] first = await RestoredVerdictsAsync(Backup, before);
        Assert.All(first, verdict => Assert.Contains("\"opted_out\"", verdict, StringComparison.Ordinal));
        Assert.Equal(verdicts, await RestoredVerdictsAsync(_files["last.nlbackup"], numbers));
    }

    [Fact]
    public async Task Cut_off_or_changed_anywhere_it_is_refused_and_nothing_is_restored()
    {
        byte[] backup;
        await using (LedgerProcess process = LedgerProcess.Serve(Folder.Path))
        {
            (Uri address, _) = await FilledAsync(process, Few);
            (int exitCode, string said) = await BackUpAsync(address, Backup);
            Assert.True(exitCode == 0, said);
            backup = await File.ReadAllBytesAsync(Backup, Ct);
        }

        using DataFolder fresh = FolderWithKey();
        for (int i = 0; i < 16; i++)
        {
            int at = Random.Shared.Next(backup.Length);
            bool isCut = i % 2 == 0;
            byte[] damaged = isCut ? backup[..at] : [.. backup];
            if (!isCut) damaged[at] ^= (byte)(1 << Random.Shared.Next(8));
            await File.WriteAllBytesAsync(Backup, damaged, Ct);

            (int exitCode, string said) = await LedgerProcess.RunAsync("restore", Backup, "--data", fresh.Path);

            Assert.True(exitCode == 4, $"{(isCut ? "Cut" : "Changed")} at {at}: {exitCode} {said}");
            Assert.Contains("Nothing was restored", said, StringComparison.Ordinal);
            if (isCut) Assert.Contains($"was cut off: it ends at byte {at}", said, StringComparison.Ordinal);
            Assert.Equal(["ledger.lock", "master.key"], FilesIn(fresh.Path));
        }
    }

    [Fact]
    public async Task Killed_anywhere_a_restore_leaves_no_half_of_a_ledger_and_the_next_one_goes_well()
    {
        await using (LedgerProcess process = LedgerProcess.Serve(Folder.Path))
        {
            (Uri address, _) = await FilledAsync(process, Few);
            (int exitCode, string said) = await BackUpAsync(address, Backup);
            Assert.True(exitCode == 0, said);
        }

        using DataFolder fresh = FolderWithKey();
        for (int kills = 0; kills < 8; kills++)
        {
            await using LedgerProcess restore = LedgerProcess.Start("restore", Backup, "--data", fresh.Path);
            await Task.WhenAny(restore.EndAsync(), Task.Delay(Random.Shared.Next(2_000), Ct));
            restore.Kill();
            await restore.EndAsync();
            if (File.Exists(fresh["ledger.db"])) break; // It was faster.

            Assert.Empty(FilesIn(fresh.Path).Except(["ledger.checkpoint", "ledger.lock", "ledger.restore", "master.key"]));
        }

        if (!File.Exists(fresh["ledger.db"]))
        {
            (int exitCode, string said) = await LedgerProcess.RunAsync("restore", Backup, "--data", fresh.Path);
            Assert.True(exitCode == 0, said);
            Assert.False(Directory.Exists(fresh["ledger.restore"]));
        }

        await InspectAsync(fresh.Path);
    }

    [Fact]
    public async Task Older_than_the_checkpoint_beside_it_the_ledger_starts_degraded_and_says_what_is_missing()
    {
        await using (LedgerProcess process = LedgerProcess.Serve(Folder.Path))
        {
            (Uri address, Parties parties) = await FilledAsync(process, Few);
            (int exitCode, string said) = await BackUpAsync(address, Backup);
            Assert.True(exitCode == 0, said);
            for (int i = 0; i < 7; i++) await Asking.RefuseAsync(parties.Operator, $"+861380000000{i}");
            process.Terminate();
            await process.EndAsync();
        }

        File.Delete(Folder["ledger.db"]); // The disaster. Its checkpoint is left.
        (int restored, string told) = await LedgerProcess.RunAsync("restore", Backup, "--data", Folder.Path);
        Assert.Equal(3, restored);
        AssertSaysWhatIsMissing(told);

        await using (LedgerProcess process = LedgerProcess.Serve(Folder.Path))
        {
            using Parties parties = await PartiesOfAsync(process);
            Assert.Equal(HttpStatusCode.OK, (await parties.Lender.GetAsync("/health/live")).Status);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await parties.Lender.GetAsync("/health/ready")).Status);
            Answer? check = await parties.Lender.TryPostAsync("/v1/checks", Asking.QuestionOf("+8613800000001"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, check?.Status);
            process.Terminate();
            await process.EndAsync();
            AssertSaysWhatIsMissing(process.Said);
        }

        (int accepted, _) = await LedgerProcess.RunAsync("store", "accept-loss", "--data", Folder.Path, "--yes");
        Assert.Equal(0, accepted);
        await InspectAsync(Folder.Path);
        await using LedgerProcess serving = LedgerProcess.Serve(Folder.Path);
        using Parties again = await PartiesOfAsync(serving);
        Assert.Equal(HttpStatusCode.OK, (await again.Lender.GetAsync("/health/ready")).Status);
        await Asking.RefuseAsync(again.Operator, "+8613800000001");

        static void AssertSaysWhatIsMissing(string said)
        {
            Assert.Contains("positions 2 to 8 are missing; in all 7 entries", said, StringComparison.Ordinal);
            Assert.Contains("the last one that is there was recorded at 20", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Killed_in_the_middle_of_one_the_server_has_lost_nothing_and_left_nothing()
    {
        await using (LedgerProcess process = LedgerProcess.Serve(Folder.Path))
        {
            await FilledAsync(process, Many);
            process.Terminate();
            await process.EndAsync();
        }

        for (int kills = 0; kills < 5; kills++)
        {
            await using LedgerProcess process = LedgerProcess.Serve(Folder.Path);
            using Parties parties = await PartiesOfAsync(process);
            Assert.Empty(FilesIn(Folder.Path).Except(KnownFiles));
            await _drill.VerifyAsync(parties);
            Uri address = (await process.Address)!;
            using HttpResponseMessage held = await AskAsync(address);
            await using Stream body = await held.Content.ReadAsStreamAsync(Ct);
            await body.ReadExactlyAsync(new byte[1_000], Ct); // And no more: the server waits for us.
            Task<(int ExitCode, string Said)> client = BackUpAsync(address, Backup);

            await _drill.RunAsync(parties, Random.Shared.Next(1, 100), process.Kill);

            (int exitCode, string said) = await client;
            Assert.True(exitCode is 0 or 4 or 5, said);
            Assert.Equal(exitCode == 0, File.Exists(Backup));
            Assert.False(File.Exists(Backup + ".part"));
            File.Delete(Backup);
        }

        await using (LedgerProcess process = LedgerProcess.Serve(Folder.Path))
        {
            using Parties parties = await PartiesOfAsync(process);
            await _drill.SettleAsync(parties);
            await _drill.VerifyAllAsync(parties);
            Assert.Empty(FilesIn(Folder.Path).Except(KnownFiles));
            process.Terminate();
            Assert.Equal(0, await process.EndAsync());
        }

        await InspectAsync(Folder.Path);
    }

    [Fact]
    public async Task Onto_a_full_disk_it_fails_clearly_and_the_ledger_goes_on()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no device that is always full.");
        await using LedgerProcess process = LedgerProcess.Serve(Folder.Path);
        (Uri address, Parties parties) = await FilledAsync(process, Few);

        (int exitCode, string said) = await BackUpAsync(address, "/dev/full");

        Assert.Equal(1, exitCode);
        Assert.Contains("No space left on device", said, StringComparison.Ordinal);
        await Asking.RefuseAsync(parties.Operator, "+8613800000001");
        Assert.Equal(HttpStatusCode.OK, (await parties.Lender.GetAsync("/health/ready")).Status);
        (exitCode, said) = await BackUpAsync(address, Backup);
        Assert.True(exitCode == 0, said);
    }

    [Fact]
    public async Task Over_Azure_Tables_it_is_said_that_a_copy_comes_first()
    {
        (int restored, string said) = await LedgerProcess.RunWithAsync(
            "UseDevelopmentStorage=true", "restore", Backup, "--data", _files.Path);

        Assert.Equal(5, restored);
        Assert.Contains("store copy --to folder", said, StringComparison.Ordinal);
        Assert.DoesNotContain("pg_dump", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_PostgreSQL_it_is_said_whose_tools_are_for_that()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using LedgerProcess process = LedgerProcess.Serve(Folder.Path, server.ConnectionString);
        using Parties parties = await PartiesOfAsync(process);

        (int online, string told) = await BackUpAsync((await process.Address)!, Backup);
        (int restored, string said) = await LedgerProcess.RunWithAsync(
            server.ConnectionString, "restore", Backup, "--data", _files.Path);

        Assert.Equal((1, 5), (online, restored));
        Assert.Contains("pg_basebackup or pg_dump", told, StringComparison.Ordinal);
        Assert.Contains("pg_basebackup or pg_dump", said, StringComparison.Ordinal);
    }

    /// <summary>What is in a data folder, whatever happened to it.</summary>
    private static string[] KnownFiles { get; } =
    [
        "files", "keys.json", "ledger.checkpoint", "ledger.checkpoint.new", "ledger.db", "ledger.db-wal", "ledger.lock",
        "master.key",
    ];

    private async Task<(Uri Address, Parties Parties)> FilledAsync(LedgerProcess process, EventFile file)
    {
        Parties parties = await PartiesOfAsync(process);
        await parties.Operator.PostAsync("/v1/ranges", new JsonObject
        {
            ["carrier"] = "demo-carrier",
            ["from"] = EventFile.From,
            ["to"] = file.To,
            ["trackedSince"] = "2020-01-01",
        });
        Answer? sent = await parties.Carrier.TrySendAsync("/v1/carrier-files", file.Whole());
        Assert.True(sent is { IsSuccess: true }, $"{sent}");
        return ((await process.Address)!, parties);
    }

    private async Task<Parties> PartiesOfAsync(LedgerProcess process)
    {
        Uri? address = await process.Address;
        Assert.True(address is not null, $"It does not start: {process.Said}");
        Parties parties = Folder.PartiesOf(address);
        if ((await parties.Lender.GetAsync("/health/ready")).IsSuccess) await Drill.CoverAsync(parties);
        return parties;
    }

    private Task<(int ExitCode, string Said)> BackUpAsync(Uri address, string file) => LedgerProcess.RunClientAsync(
        "backup", "-o", file, "--server", address.GetLeftPart(UriPartial.Authority),
        "--key-file", Folder["keys.json"], "--key-of", "operator");

    /// <summary>A backup whose taker reads no more than it has to.</summary>
    private async Task<HttpResponseMessage> AskAsync(Uri address)
    {
        JsonNode keys = JsonNode.Parse(await File.ReadAllTextAsync(Folder["keys.json"], Ct))!;
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", keys["operator"]!["key"]!.GetValue<string>());
        return await client.GetAsync("/v1/backup", HttpCompletionOption.ResponseHeadersRead, Ct);
    }

    /// <summary>A folder that has the key alone, as its operator has kept it.</summary>
    private DataFolder FolderWithKey()
    {
        var folder = new DataFolder();
        File.Copy(Folder["master.key"], folder["master.key"]);
        return folder;
    }

    /// <summary>What a fresh folder says of these numbers, once the backup is restored into it.</summary>
    private async Task<string[]> RestoredVerdictsAsync(string backup, string[] numbers)
    {
        using DataFolder fresh = FolderWithKey();
        (int exitCode, string said) = await LedgerProcess.RunAsync("restore", backup, "--data", fresh.Path);
        Assert.True(exitCode == 0, said);
        await InspectAsync(fresh.Path);
        File.Copy(Folder["keys.json"], fresh["keys.json"]);
        await using LedgerProcess process = LedgerProcess.Serve(fresh.Path);
        Uri? address = await process.Address;
        Assert.True(address is not null, process.Said);
        using Parties parties = fresh.PartiesOf(address);
        return await Asking.VerdictsAsync(parties, numbers);
    }

    private static async Task InspectAsync(string folder)
    {
        (int exitCode, string said) = await LedgerProcess.RunAsync("fsck", "--data", folder);
        Assert.True(exitCode == 0, said);
    }

    private static string[] FilesIn(string folder) =>
    [
        .. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
    ];
}
