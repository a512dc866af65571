using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores.Tests;

/// <summary>A store is copied while it is written.</summary>
public sealed class BackupTests : IDisposable
{
    private static readonly NumberBlock Block = new(861_380_000);
    private static readonly NumberBlock Neighbour = new(861_380_001);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_backup_has_every_entry_as_it_is_stored()
    {
        await using SqliteLedgerStore store = _folder.OpenStore();
        await FillAsync(store, numbers: 2_500);

        Backups.Read read = await Backups.ReadAsync(await Backups.MakeAsync(store));

        Assert.Equal((2, 5_003, Some.Noon), (read.Header.Blocks, read.Header.Entries, read.Header.MadeAt));
        Assert.Equal(
            await Backups.TextOfAsync(store, Block, Neighbour),
            read.Entries.Select(entry => Backups.TextOf(entry.Block, entry.Entry)));
    }

    [Fact]
    public async Task An_entry_whose_salt_was_erased_is_copied_without_it()
    {
        await using (SqliteLedgerStore store = _folder.OpenStore()) await FillAsync(store, numbers: 2);
        Execute("UPDATE events SET salt = NULL WHERE seq = 2");
        await using SqliteLedgerStore erased = _folder.OpenStore();

        Backups.Read read = await Backups.ReadAsync(await Backups.MakeAsync(erased));

        Assert.Equal(
            [(Block, 2L), (Neighbour, 2L)],
            read.Entries.Where(entry => entry.Entry.Salt is null)
                .Select(entry => (entry.Block, entry.Entry.Position)));
    }

    [Fact]
    public async Task While_many_write_it_has_all_that_was_acknowledged_before_and_nobody_waits_for_its_end()
    {
        await using SqliteLedgerStore store = _folder.OpenStore();
        await using var writers = new Writers(store);
        for (int backups = 0; backups < 5; backups++)
        {
            var slow = new HeldStream();
            Task held = Backups.WriteAsync(store, slow);
            await slow.Reached;
            KeyValuePair<NumberBlock, long>[] before = writers.Acknowledged;

            byte[] backup = await Backups.MakeAsync(store);
            await writers.GoOnAsync(count: 100);
            slow.Release();
            await held;

            Backups.Read read = await Backups.ReadAsync(backup);
            var copied = read.Entries.CountBy(entry => entry.Block).ToDictionary();
            Assert.All(before, block => Assert.InRange(copied[block.Key], block.Value, int.MaxValue));
            await Backups.ReadAsync(slow.ToArray());
        }
    }

    [Fact]
    public async Task One_that_nobody_takes_does_not_hold_the_write_ahead_log_back()
    {
        await using SqliteLedgerStore store = _folder.OpenStore();
        await FillAsync(store, numbers: 2_500);
        var slow = new HeldStream(afterBytes: 100_000);
        Task held = Backups.WriteAsync(store, slow);
        await slow.Reached;

        await using SqliteCommand checkpoint = store.Connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        long busy = (long)(await checkpoint.ExecuteScalarAsync(Ct))!;

        Assert.Equal(0, busy);
        Assert.Equal(0, new FileInfo(_folder["ledger.db-wal"]).Length);
        slow.Release();
        await held;
    }

    [Fact]
    public async Task Entries_that_are_not_there_are_not_passed_over()
    {
        await using (SqliteLedgerStore store = _folder.OpenStore()) await FillAsync(store, numbers: 3);
        Execute("DELETE FROM events WHERE block = 861380000 AND seq = 4");
        await using SqliteLedgerStore broken = _folder.OpenStore();

        var missing = await Assert.ThrowsAsync<BrokenLedgerException>(() => Backups.MakeAsync(broken));

        Assert.Equal((Block, 4), (missing.Block, missing.Position));
    }

    [Fact]
    public async Task Bytes_that_were_changed_in_the_database_are_found_by_who_reads_the_backup()
    {
        await using (SqliteLedgerStore store = _folder.OpenStore()) await FillAsync(store, numbers: 3);
        Execute("UPDATE events SET sealed = zeroblob(120) WHERE block = 861380000 AND seq = 4");
        await using SqliteLedgerStore broken = _folder.OpenStore();

        BrokenBackupException refused = await Backups.RefusedAsync(await Backups.MakeAsync(broken), key: null);

        Assert.Equal(BackupFault.LedgerBroken, refused.Fault);
        Assert.Contains("Block 861380000, position 4: its hash is not that of its bytes.", refused.Message);
    }

    [Fact]
    public async Task Of_a_store_that_must_not_be_believed_there_is_none()
    {
        await using (SqliteLedgerStore store = _folder.OpenStore()) await FillAsync(store, numbers: 3);
        File.Delete(_folder["ledger.checkpoint"]);
        await using SqliteLedgerStore degraded = _folder.OpenStore();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Backups.MakeAsync(degraded));
    }

    /// <summary>Two entries of each number in one block, and three of one in the next.</summary>
    private static async Task FillAsync(SqliteLedgerStore store, int numbers)
    {
        await Task.WhenAll(Enumerable.Range(0, numbers).Select(i => store.AppendAsync(
            Some.Append(Block, Some.Tag(i), after: 0, count: 2, i % 2 == 0 ? Some.Command(i) : null), Ct)));
        await store.AppendAsync(Some.Append(Neighbour, Some.Tag(1), after: 0, count: 3), Ct);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder["ledger.db"]};Pooling=False");
        connection.Open();
        Assert.NotEqual(0, SqliteConnections.Execute(connection, sql));
    }

    /// <summary>Many who append two entries at a time, in seven blocks, until they are told to end.</summary>
    private sealed class Writers : IAsyncDisposable
    {
        private readonly SqliteLedgerStore _store;
        private readonly ConcurrentDictionary<NumberBlock, long> _acknowledged = new();
        private readonly CancellationTokenSource _over = new();
        private readonly SemaphoreSlim _acknowledgements = new(0);
        private readonly Task _all;

        public Writers(SqliteLedgerStore store)
        {
            _store = store;
            _all = Task.WhenAll(Enumerable.Range(0, 32).Select(writer => Task.Run(() => WriteAsync(writer), Ct)));
        }

        public KeyValuePair<NumberBlock, long>[] Acknowledged => [.. _acknowledged];

        /// <summary>Until so many more appends were acknowledged.</summary>
        public async Task GoOnAsync(int count)
        {
            for (int i = 0; i < count; i++) await _acknowledgements.WaitAsync(Ct);
        }

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _all;
            _over.Dispose();
            _acknowledgements.Dispose();
        }

        private async Task WriteAsync(int writer)
        {
            for (int i = 0; !_over.IsCancellationRequested; i++)
            {
                var block = new NumberBlock(1_000 + ((writer + i) % 7));
                await _store.AppendAsync(
                    Some.Append(block, Some.Tag((writer * 1_000_000) + i), after: 0, count: 2), Ct);
                _acknowledged.AddOrUpdate(block, 2, (_, count) => count + 2);
                _acknowledgements.Release();
            }
        }
    }

    /// <summary>Takes so many bytes, and then nothing more until it is released.</summary>
    private sealed class HeldStream(int afterBytes = 0) : MemoryStream
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Release() => _released.SetResult();

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Length >= afterBytes)
            {
                _reached.TrySetResult();
                await _released.Task;
            }

            Write(buffer.Span);
        }
    }
}
