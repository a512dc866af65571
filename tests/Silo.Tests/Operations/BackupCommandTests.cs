using System.CommandLine;
using NumberLedger.Stores;

namespace NumberLedger.Silo.Tests.Operations;

/// <summary>A stopped ledger becomes a file, and a file a ledger.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Backup => _folder["one.nlbackup"];

    private string Data => _folder["data"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stopped_ledger_is_copied_verified_and_what_is_not_in_the_copy_is_said()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();

        (int exitCode, string output, _) = await BackupAsync(ledger);

        Assert.Equal(0, exitCode);
        Assert.Contains("one.nlbackup, verified. 2 blocks, 14 entries, as of 2", output, StringComparison.Ordinal);
        Assert.Contains("Not in a backup: the master key", output, StringComparison.Ordinal);
        Assert.Equal([Backup], Directory.GetFileSystemEntries(_folder.Path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
        }
    }

    [Fact]
    public async Task Restored_with_its_key_the_ledger_is_the_same_and_serves()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await ledger.SaveSnapshotAsync();
        await BackupAsync(ledger);
        PutKey(ledger);

        (int exitCode, string output, _) = await RestoreAsync();

        Assert.Equal(0, exitCode);
        Assert.StartsWith(
            "restore: all sound, and in place. 2 blocks, 14 entries, as of 2", output, StringComparison.Ordinal);
        Assert.Contains("Not in a backup: the master key", output, StringComparison.Ordinal);
        Assert.Equal(await EntriesOfAsync(ledger.Folder), await EntriesOfAsync(Data));
        Assert.Equal(
            ["ledger.checkpoint", "ledger.db", "ledger.lock", "master.key"],
            Directory.GetFileSystemEntries(Data).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public async Task Without_the_master_key_it_is_asked_for_and_nothing_is_made()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await BackupAsync(ledger);

        (int exitCode, string output, string error) = await RestoreAsync();

        Assert.Equal((5, ""), (exitCode, output));
        Assert.Contains($"Put the key into {Data} as master.key", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task With_another_master_key_it_is_said_so_and_nothing_is_restored()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await BackupAsync(ledger);
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "master.key"), new string('7', 64), Ct);

        (int exitCode, _, string error) = await RestoreAsync();

        Assert.Equal(5, exitCode);
        Assert.Contains("was made with another master key. Nothing was restored.", error, StringComparison.Ordinal);
        Assert.Equal(["master.key"], FilesIn(Data));
    }

    [Fact]
    public async Task A_damaged_backup_is_refused_naming_the_place_and_leaves_nothing()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await BackupAsync(ledger);
        PutKey(ledger);
        byte[] bytes = await File.ReadAllBytesAsync(Backup, Ct);
        bytes[^200] ^= 1;
        await File.WriteAllBytesAsync(Backup, bytes, Ct);

        (int exitCode, _, string error) = await RestoreAsync();

        Assert.Equal(4, exitCode);
        Assert.Contains("it is damaged between byte ", error, StringComparison.Ordinal);
        Assert.Contains("(block 861380000, or what follows it)", error, StringComparison.Ordinal);
        Assert.Equal(["ledger.lock", "master.key"], FilesIn(Data));
    }

    [Fact]
    public async Task A_ledger_that_is_there_is_left_alone_until_it_is_said_where_to_move_it()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await BackupAsync(ledger);
        using SmallLedger other = await SmallLedger.MakeAsync();
        string[] before = await EntriesOfAsync(other.Folder);

        (int refused, _, string error) = await RestoreAsync(other.Folder);
        string[] after = await EntriesOfAsync(other.Folder);

        Assert.Equal(5, refused);
        Assert.Equal(before, after);
        Assert.Contains("--move-old-to FOLDER", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_written_after_the_backup_is_told_as_missing_and_can_be_accepted()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await BackupAsync(ledger);
        await ledger.AppendAsync(
            SmallLedger.Bound(new DateOnly(2026, 1, 1)), offset: 9_999, recordOf: 9_999, SmallLedger.Now);

        (int exitCode, string output, _) = await RestoreAsync(ledger.Folder, "--move-old-to", _folder["old"]);

        Assert.Equal(3, exitCode);
        Assert.Contains("it will start degraded", output, StringComparison.Ordinal);
        Assert.Contains("positions 13 to 13 are missing; in all 1 entry", output, StringComparison.Ordinal);
        Assert.Contains($"store accept-loss --data {ledger.Folder} --yes", output, StringComparison.Ordinal);
        Assert.Equal(["ledger.checkpoint", "ledger.db"], FilesIn(_folder["old"]));
        await using (SqliteLedgerStore restored = SqliteLedgerStore.Open(ledger.Folder, SmallLedger.Master))
        {
            Assert.NotNull(restored.Degraded);
        }

        Assert.NotNull(SqliteLedgerStore.AcceptLoss(ledger.Folder, SmallLedger.Master));
        Assert.Empty((await ledger.FsckAsync()).Findings);
    }

    [Fact]
    public async Task That_the_jobs_of_the_folder_are_gone_is_said()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await BackupAsync(ledger);
        string files = Directory.CreateDirectory(Path.Combine(ledger.Folder, "files")).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "job_1.output.sealed"), "", Ct);

        (_, string output, _) = await RestoreAsync(ledger.Folder, "--move-old-to", _folder["old"]);

        Assert.Contains(
            $"The jobs that the folder had are gone, and serve deletes what {files} holds of them", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_the_old_database_would_be_moved_to_must_be_new()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await BackupAsync(ledger);

        (int exitCode, _, string error) = await RestoreAsync(ledger.Folder, "--move-old-to", _folder.Path);

        Assert.Equal(5, exitCode);
        Assert.Contains("names a new folder", error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(ledger.Folder, "ledger.db")));
    }

    [Fact]
    public async Task A_ledger_that_was_unsound_when_it_was_backed_up_is_not_restored()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        // Chained, under the right key, and of another number than its record's: only who opens it sees that.
        await ledger.AppendAsync(
            SmallLedger.Bound(new DateOnly(2026, 1, 1)), offset: 1, recordOf: 9_999, SmallLedger.Now);
        await BackupAsync(ledger);
        PutKey(ledger);

        (int exitCode, string output, _) = await RestoreAsync();

        Assert.Equal(4, exitCode);
        Assert.Contains("block 861380000, position 13", output, StringComparison.Ordinal);
        Assert.Contains("Nothing was restored", output, StringComparison.Ordinal);
        Assert.Equal(["ledger.lock", "master.key"], FilesIn(Data));
    }

    [Fact]
    public async Task A_running_ledger_is_not_copied_and_it_is_said_who_does_that()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await using SqliteLedgerStore running = SqliteLedgerStore.Open(ledger.Folder, SmallLedger.Master);

        (int exitCode, _, string error) = await BackupAsync(ledger);

        Assert.Equal(5, exitCode);
        Assert.Contains("in use by another process", error, StringComparison.Ordinal);
        Assert.Contains("its server makes the backup: leave --data out", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_ledger_that_lost_something_is_not_copied_as_if_it_were_whole()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        File.Delete(Path.Combine(ledger.Folder, "ledger.checkpoint"));

        (int exitCode, _, string error) = await BackupAsync(ledger);

        Assert.Equal(5, exitCode);
        Assert.Contains("may have lost acknowledged entries", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_written_over()
    {
        using SmallLedger ledger = await SmallLedger.MakeAsync();
        await File.WriteAllTextAsync(Backup, "another", Ct);

        (int exitCode, _, string error) = await BackupAsync(ledger);

        Assert.Equal(5, exitCode);
        Assert.Contains("is there already", error, StringComparison.Ordinal);
        Assert.Equal("another", await File.ReadAllTextAsync(Backup, Ct));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Task<(int ExitCode, string Output, string Error)> BackupAsync(SmallLedger ledger) =>
        RunAsync(BackupCommand.Create(), "--data", ledger.Folder, "-o", Backup);

    private Task<(int ExitCode, string Output, string Error)> RestoreAsync() => RestoreAsync(Data);

    private Task<(int ExitCode, string Output, string Error)> RestoreAsync(string data, params string[] more) =>
        RunAsync(RestoreCommand.Create(), [Backup, "--data", data, .. more]);

    /// <summary>As the operator who has kept it elsewhere.</summary>
    private void PutKey(SmallLedger ledger)
    {
        Directory.CreateDirectory(Data);
        File.Copy(Path.Combine(ledger.Folder, "master.key"), Path.Combine(Data, "master.key"));
    }

    private static string[] FilesIn(string folder) =>
    [
        .. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
    ];

    private static async Task<string[]> EntriesOfAsync(string folder)
    {
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(folder, SmallLedger.Master);
        Assert.Null(store.Degraded);
        var entries = new List<string>();
        foreach (NumberBlock block in await store.ReadBlocksAsync(NumberBlock.Registry, 100, Ct))
        {
            entries.AddRange((await store.ReadBlockAsync(block, 0, 100, Ct))
                .Select(entry => $"{block} {entry.Position} {entry.Tag} {entry.Version} {entry.Hash} {entry.Command} "
                    + $"{Convert.ToHexString(entry.Salt!)} {Convert.ToHexString(entry.Sealed)}"));
        }

        return [.. entries];
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        Command command, params string[] args)
    {
        (var output, var error) = (new StringWriter(), new StringWriter());
        int exitCode = await command.Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error }, Ct);
        return (exitCode, output.ToString(), error.ToString());
    }
}
