using CsCheck;
using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores.Tests;

/// <summary>A store that lost acknowledged entries says so; SQLite alone would not.</summary>
public sealed class DamageTests : IDisposable
{
    private const string Log = "ledger.db-wal", Database = "ledger.db", CheckpointFile = "ledger.checkpoint";
    private static readonly NumberBlock Block = new(861_380_000);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_byte_cut_from_the_log_after_a_crash_is_noticed_and_said_with_block_and_position()
    {
        using TemporaryFolder crashed = await CrashAfterAppendsAsync(count: 5);
        await using (FileStream log = File.OpenWrite(crashed[Log])) log.SetLength(log.Length - 1);

        await using SqliteLedgerStore store = crashed.OpenStore();

        Assert.Contains("1 block behind the checkpoint; block 861380000: positions 5 to 5 are missing", store.Degraded);
        Assert.Equal(4, (await store.ReadBlockAsync(Block, 0, 100, Ct)).Count);
        Assert.Equal(4, (await store.ReadTagsAsync(Block, [Some.Tag(1)], Ct)).Count);
        Assert.Equal([Block], await store.ReadBlocksAsync(default, 10, Ct));
        await Refuses(async () => await store.ReadHeadsAsync([Block], Ct));
        await Refuses(() => store.AppendAsync(Some.Append(Block, Some.Tag(1), after: 4), Ct));
        await Refuses(() => store.ClaimAsync(new Claim(1, default, Some.Noon, null), Ct));
        await Refuses(() => store.AnswerAsync(1, new ClaimAnswer(200, "", []), Ct));
    }

    [Fact]
    public async Task A_crash_alone_loses_nothing()
    {
        using TemporaryFolder crashed = await CrashAfterAppendsAsync(count: 5);

        await using SqliteLedgerStore store = crashed.OpenStore();

        Assert.Null(store.Degraded);
        Assert.Equal(5, await WholeLedger.VerifyAsync(store, Ct));
    }

    [Fact]
    public async Task Whatever_bit_of_the_log_flips_or_wherever_it_is_cut_no_loss_is_silent()
    {
        const int Count = 30;
        using TemporaryFolder crashed = await CrashAfterAppendsAsync(Count);
        byte[] log = await File.ReadAllBytesAsync(crashed[Log], Ct);

        await Gen.Select(Gen.Int[0, log.Length - 1], Gen.Int[0, 7], Gen.Bool).SampleAsync(async (at, bit, cut) =>
        {
            using TemporaryFolder damaged = crashed.CrashImage();
            byte[] bytes = cut ? log[..at] : [.. log];
            if (!cut) bytes[at] ^= (byte)(1 << bit);
            await File.WriteAllBytesAsync(damaged[Log], bytes, Ct);

            await using SqliteLedgerStore store = damaged.OpenStore();

            Assert.NotNull(store.Degraded); // Every part of this log holds something that was acknowledged.
        }, iter: 100, threads: 1);
    }

    [Fact]
    public async Task A_log_that_was_removed_is_noticed()
    {
        using TemporaryFolder crashed = await CrashAfterAppendsAsync(count: 5);
        File.Delete(crashed[Log]);

        await using SqliteLedgerStore store = crashed.OpenStore();

        Assert.Contains("belongs to another database", store.Degraded); // Even the schema was in the log only.
    }

    [Fact]
    public async Task An_older_copy_of_the_database_is_noticed()
    {
        await AppendAsync(from: 0, count: 3);
        using TemporaryFolder older = _folder.CrashImage();
        await AppendAsync(from: 3, count: 4);
        File.Copy(older[Database], _folder[Database], overwrite: true);

        await using SqliteLedgerStore store = _folder.OpenStore();

        Assert.Contains("positions 4 to 7 are missing", store.Degraded);
        Assert.Contains("Restore the newest backup", store.Degraded);
    }

    [Fact]
    public async Task A_loss_in_many_blocks_is_counted_and_the_lowest_is_named()
    {
        await _folder.OpenStore().DisposeAsync();
        using TemporaryFolder older = _folder.CrashImage();
        await using (SqliteLedgerStore store = _folder.OpenStore())
        {
            for (int key = 1_200; key > 1_000; key--)
            {
                await store.AppendAsync(Some.Append(new NumberBlock(key), Some.Tag(1), after: 0, count: 2), Ct);
            }
        }

        File.Copy(older[Database], _folder[Database], overwrite: true);

        await using SqliteLedgerStore opened = _folder.OpenStore();
        Assert.Contains("200 blocks behind the checkpoint; block 1001: positions 1 to 2 are missing", opened.Degraded);
    }

    [Fact]
    public async Task A_rewritten_entry_is_noticed_also_when_the_block_went_on()
    {
        await AppendAsync(from: 0, count: 3);
        Execute("UPDATE events SET hash = zeroblob(32) WHERE seq = 3");
        Execute("INSERT INTO events SELECT block, 4, tag, 4, salt, sealed, hash, cmd FROM events WHERE seq = 3");
        Execute("UPDATE heads SET seq = 4, hash = zeroblob(32)");

        await using SqliteLedgerStore store = _folder.OpenStore();

        Assert.Contains("another entry stands at position 3", store.Degraded);
    }

    [Fact]
    public async Task A_database_that_vanished_is_noticed()
    {
        await AppendAsync(from: 0, count: 3);
        File.Delete(_folder[Database]);

        await using SqliteLedgerStore store = _folder.OpenStore();

        Assert.Contains("belongs to another database", store.Degraded);
    }

    [Fact]
    public async Task A_checkpoint_that_vanished_is_noticed_and_stays_noticed()
    {
        await AppendAsync(from: 0, count: 3);
        File.Delete(_folder[CheckpointFile]);

        for (int again = 0; again < 2; again++)
        {
            await using SqliteLedgerStore store = _folder.OpenStore();

            Assert.Contains("it has entries in 1 block, but no checkpoint beside it", store.Degraded);
        }
    }

    [Fact]
    public async Task Another_master_key_is_noticed_before_anything_is_written_under_it()
    {
        await AppendAsync(from: 0, count: 3);

        await using SqliteLedgerStore store = SqliteLedgerStore.Open(
            _folder.Path, new MasterKey([.. Enumerable.Range(0, MasterKey.Size).Select(i => (byte)i)]));

        Assert.Contains("not signed by this ledger's master key", store.Degraded);
    }

    [Fact]
    public async Task A_file_that_is_no_database_does_not_open()
    {
        await AppendAsync(from: 0, count: 3);
        await File.WriteAllBytesAsync(_folder[Database], new byte[4_096 * 3], Ct);

        Assert.Contains(_folder.Path, Assert.Throws<StoreUnavailableException>(_folder.OpenStore).Message);
    }

    [Fact]
    public async Task A_newer_schema_does_not_open()
    {
        await AppendAsync(from: 0, count: 3);
        Execute("UPDATE meta SET value = 99 WHERE key = 'schema'");

        Assert.Contains(
            "written by a newer release", Assert.Throws<StoreUnavailableException>(_folder.OpenStore).Message);
    }

    [Fact]
    public async Task An_accepted_loss_lets_the_store_go_on_and_keeps_the_evidence()
    {
        await AppendAsync(from: 0, count: 3);
        using TemporaryFolder older = _folder.CrashImage();
        await AppendAsync(from: 3, count: 4);
        File.Copy(older[Database], _folder[Database], overwrite: true);
        Execute($"INSERT INTO snapshots VALUES ({Block.Key}, 7, zeroblob(32), x'01')");

        string? reason = SqliteLedgerStore.AcceptLoss(_folder.Path, TemporaryFolder.Master);

        Assert.Contains("positions 4 to 7 are missing", reason);
        Assert.True(File.Exists(_folder[CheckpointFile + ".refused"]));
        await AppendAsync(from: 3, count: 1);
        await using SqliteLedgerStore store = _folder.OpenStore();
        Assert.Null(store.Degraded);
        Assert.Equal(4, await WholeLedger.VerifyAsync(store, Ct));
        Assert.Empty((await store.ReadSnapshotsAsync([Block], 1, Ct)).Found); // It would say that the store went back.
    }

    [Fact]
    public async Task There_is_nothing_to_accept_in_a_sound_store()
    {
        await AppendAsync(from: 0, count: 3);
        byte[] before = await File.ReadAllBytesAsync(_folder[CheckpointFile], Ct);

        Assert.Null(SqliteLedgerStore.AcceptLoss(_folder.Path, TemporaryFolder.Master));

        Assert.Equal(before, await File.ReadAllBytesAsync(_folder[CheckpointFile], Ct));
    }

    private static async Task Refuses(Func<Task> call) => await Assert.ThrowsAsync<StoreUnavailableException>(call);

    // Each append in a commit of its own, the checkpoint written, and then the power goes.
    private async Task<TemporaryFolder> CrashAfterAppendsAsync(int count)
    {
        await using SqliteLedgerStore store = _folder.OpenStoreWithPromptCheckpoint();
        for (int version = 0; version < count; version++)
        {
            await store.AppendAsync(Some.Append(Block, Some.Tag(1), version), Ct);
        }

        await store.Writer.WriteAsync(1, _ => true, Ct);
        return _folder.CrashImage();
    }

    private async Task AppendAsync(int from, int count)
    {
        await using SqliteLedgerStore store = _folder.OpenStore();
        Assert.Null(store.Degraded);
        for (int version = from; version < from + count; version++)
        {
            await store.AppendAsync(Some.Append(Block, Some.Tag(1), version), Ct);
        }
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder[Database]};Pooling=False");
        connection.Open();
        SqliteConnections.Execute(connection, sql);
    }
}
