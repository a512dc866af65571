namespace NumberLedger.Stores.Tests;

/// <summary>A ledger comes back as a whole, or not at all, and no checkpoint is ever written over.</summary>
public sealed class RestoreTests : IDisposable
{
    private static readonly NumberBlock Block = new(861_380_000);

    private readonly TemporaryFolder _from = new();
    private readonly TemporaryFolder _to = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _from.Dispose();
        _to.Dispose();
    }

    [Fact]
    public async Task A_restored_ledger_is_the_same_and_goes_on()
    {
        byte[] backup = await BackupAsync(entries: 5);

        await RestoreAsync(backup);

        await using SqliteLedgerStore from = _from.OpenStore();
        await using SqliteLedgerStore to = _to.OpenStore();
        Assert.Null(to.Degraded);
        BackupMoment was = await from.ReadMomentAsync(Ct), isNow = await to.ReadMomentAsync(Ct);
        Assert.Equal(was.Ledger, isNow.Ledger);
        Assert.Equal(was.Heads, isNow.Heads);
        Assert.Equal(await Backups.TextOfAsync(from, Block), await Backups.TextOfAsync(to, Block));
        await to.AppendAsync(Some.Append(Block, Some.Tag(1), after: 5), Ct);
        Assert.Equal(6, await WholeLedger.VerifyAsync(to, Ct));
    }

    [Fact]
    public async Task An_entry_whose_salt_was_erased_comes_back_without_it()
    {
        await AppendAsync(from: 0, count: 3);
        await using (SqliteLedgerStore store = _from.OpenStore())
        {
            SqliteConnections.Execute(store.Connection, "UPDATE events SET salt = NULL WHERE seq = 2");
        }

        await RestoreAsync(await BackupAsync(entries: 2, from: 3));

        await using SqliteLedgerStore restored = _to.OpenStore();
        IReadOnlyList<StoredEntry> entries = await restored.ReadBlockAsync(Block, 0, 10, Ct);
        Assert.Equal([2L], entries.Where(entry => entry.Salt is null).Select(entry => entry.Position));
    }

    [Fact]
    public async Task Until_it_is_moved_into_place_the_folder_holds_no_ledger_and_what_is_left_goes_with_the_next()
    {
        byte[] backup = await BackupAsync(entries: 5);
        using (DataFolder held = DataFolder.Hold(_to.Path))
        {
            RestoreDraft stopped = await FilledAsync(held, backup); // And killed: nobody disposes of it.
            Assert.False(RestoreDraft.HoldsLedger(_to.Path));
            stopped.Complete();
            await File.WriteAllTextAsync(Path.Combine(stopped.Path, "more"), "", Ct);
            Assert.False(RestoreDraft.HoldsLedger(_to.Path));
        }

        await RestoreAsync(backup);

        Assert.Equal(
            ["ledger.checkpoint", "ledger.db", "ledger.lock"],
            Directory.GetFileSystemEntries(_to.Path).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public async Task A_folder_whose_checkpoint_remembers_more_keeps_it_and_says_how_much_is_missing_and_since_when()
    {
        byte[] backup = await BackupAsync(entries: 5);
        await AppendAsync(from: 5, count: 3);
        File.Copy(_from["ledger.checkpoint"], _to["ledger.checkpoint"]);
        byte[] checkpoint = await File.ReadAllBytesAsync(_to["ledger.checkpoint"], Ct);

        await RestoreAsync(backup);

        await using (SqliteLedgerStore store = _to.OpenStore())
        {
            Assert.Contains(
                "1 block behind the checkpoint; block 861380000: positions 6 to 8 are missing; in all 3 entries, "
                + "while the last one that is there was recorded at 2026-03-01T12:00:00.000Z",
                store.Degraded);
        }

        Assert.Equal(checkpoint, await File.ReadAllBytesAsync(_to["ledger.checkpoint"], Ct));
        Assert.NotNull(SqliteLedgerStore.AcceptLoss(_to.Path, TemporaryFolder.Master));
        await using SqliteLedgerStore accepted = _to.OpenStore();
        Assert.Null(accepted.Degraded);
    }

    [Fact]
    public async Task A_checkpoint_that_remembers_no_more_than_the_backup_is_content_with_it()
    {
        await AppendAsync(from: 0, count: 3);
        File.Copy(_from["ledger.checkpoint"], _to["ledger.checkpoint"]);

        await RestoreAsync(await BackupAsync(entries: 5, from: 3));

        await using SqliteLedgerStore store = _to.OpenStore();
        Assert.Null(store.Degraded);
        Assert.Equal(8, await WholeLedger.VerifyAsync(store, Ct));
    }

    [Fact]
    public async Task Beside_the_checkpoint_of_another_ledger_nothing_is_restored()
    {
        byte[] backup = await BackupAsync(entries: 5);
        await _to.OpenStore().DisposeAsync();
        File.Delete(_to["ledger.db"]);
        string[] before = Directory.GetFileSystemEntries(_to.Path);

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => RestoreAsync(backup));

        Assert.Contains("is the memory of another ledger", refused.Message);
        Assert.Equal(before, Directory.GetFileSystemEntries(_to.Path));
    }

    [Theory]
    [InlineData("ledger.db")]
    [InlineData("ledger.db-wal")] // SQLite would replay it into the restored one.
    [InlineData("ledger.db-journal")]
    public void What_SQLite_would_take_for_a_part_of_the_database_is_in_the_way(string file)
    {
        File.WriteAllText(_to["ledger.db.copy"], "");
        Assert.False(RestoreDraft.HoldsLedger(_to.Path));

        File.WriteAllText(_to[file], "");

        Assert.True(RestoreDraft.HoldsLedger(_to.Path));
    }

    [Fact]
    public async Task An_old_database_is_moved_away_as_a_folder_of_its_own_with_its_checkpoint()
    {
        byte[] backup = await BackupAsync(entries: 5);
        await AppendAsync(from: 5, count: 2);
        using TemporaryFolder crashed = _from.CrashImage();
        await File.WriteAllTextAsync(crashed["ledger.db-wal"], "", Ct);

        using (DataFolder held = DataFolder.Hold(crashed.Path))
        using (RestoreDraft draft = await FilledAsync(held, backup))
        {
            draft.Complete();
            draft.MoveIntoPlace(_to["old"]);
        }

        Assert.Equal(
            ["ledger.checkpoint", "ledger.db", "ledger.db-wal"],
            Directory.GetFiles(_to["old"]).Select(path => Path.GetFileName(path)).Order());
        await using SqliteLedgerStore old = SqliteLedgerStore.Open(_to["old"], TemporaryFolder.Master);
        Assert.Null(old.Degraded);
        Assert.Equal(7, await WholeLedger.VerifyAsync(old, Ct));
        await using SqliteLedgerStore restored = crashed.OpenStore();
        Assert.Contains("positions 6 to 7 are missing", restored.Degraded);
    }

    private async Task RestoreAsync(byte[] backup)
    {
        using DataFolder held = DataFolder.Hold(_to.Path);
        using RestoreDraft draft = await FilledAsync(held, backup);
        draft.Complete();
        draft.MoveIntoPlace(oldTo: null);
    }

    private static async Task<RestoreDraft> FilledAsync(DataFolder held, byte[] backup)
    {
        using BackupReader reader = await BackupReader.OpenAsync(
            new MemoryStream(backup), TemporaryFolder.Master, Ct);
        RestoreDraft draft = RestoreDraft.Begin(held, TemporaryFolder.Master, reader.Header.Ledger);
        await foreach (BackupPart part in reader.ReadPartsAsync(Ct)) draft.Add(part);
        return draft;
    }

    private async Task<byte[]> BackupAsync(int entries, int from = 0)
    {
        await AppendAsync(from, entries);
        await using SqliteLedgerStore store = _from.OpenStore();
        return await Backups.MakeAsync(store);
    }

    private async Task AppendAsync(int from, int count)
    {
        await using SqliteLedgerStore store = _from.OpenStore();
        for (int version = from; version < from + count; version++)
        {
            await store.AppendAsync(Some.Append(Block, Some.Tag(1), version), Ct);
        }
    }
}
