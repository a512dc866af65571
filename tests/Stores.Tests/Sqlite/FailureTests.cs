using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores.Tests;

/// <summary>What callers and memory see when a write goes wrong.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private static readonly NumberBlock Block = new(861_380_000);

    private readonly TemporaryFolder _folder = new();
    private SqliteLedgerStore _store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _store = _folder.OpenStore();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await using (SqliteLedgerStore reopened = _folder.OpenStore()) await WholeLedger.VerifyAsync(reopened, default);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_what_waits_is_still_written()
    {
        using var gate = new ManualResetEventSlim();
        Task<bool> blocking = _store.Writer.WriteAsync(1, _ => gate.Wait(TimeSpan.FromMinutes(1)), Ct);
        var waiting = new List<Task<AppendResult>>();

        StoreUnavailableException? busy = null;
        for (int tag = 0; busy is null; tag++)
        {
            try
            {
                waiting.Add(_store.AppendAsync(Some.Append(Block, Some.Tag(tag), after: 0, count: 1_000), Ct));
            }
            catch (StoreUnavailableException e)
            {
                busy = e;
            }
        }

        gate.Set();
        await blocking;
        Assert.Contains("busy", busy.Message);
        Assert.InRange(
            waiting.Count, 64, SqliteWriter.QueuedEntriesMax / 1_000 + SqliteWriter.GroupEntriesMax / 1_000 + 1);
        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(AppendOutcome.Appended, result.Outcome));
    }

    [Fact]
    public void A_job_heavier_than_the_whole_queue_may_enter_it_alone()
    {
        var queue = new WriteQueue(weightMax: 10);
        queue.Add(new WriteJob<bool>(weight: 11, _ => true, Ct));

        Assert.Throws<StoreUnavailableException>(() => queue.Add(new WriteJob<bool>(weight: 1, _ => true, Ct)));
    }

    [Fact]
    public async Task A_full_disk_is_unknown_to_the_caller_and_the_store_goes_on_when_there_is_room_again()
    {
        BlockHead before = (await _store.AppendAsync(Some.Append(Block, Some.Tag(1), after: 0), Ct)).Head;
        await Pragma("max_page_count = 1"); // SQLite takes it for as many pages as there are.

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _store.AppendAsync(Some.Append(Block, Some.Tag(2), after: 0, count: 1_000), Ct));

        Assert.Null(_store.Degraded);
        Assert.Equal(before, (await _store.ReadHeadsAsync([Block], Ct))[0]);
        await Pragma("max_page_count = 1000000");
        AppendResult after = await _store.AppendAsync(Some.Append(Block, Some.Tag(2), after: 0, count: 1_000), Ct);
        Assert.Equal(before.Position + 1_000, after.Head.Position);
    }

    [Fact]
    public async Task An_exception_after_an_insert_leaves_nothing_of_its_group()
    {
        await _store.AppendAsync(Some.Append(Block, Some.Tag(1), after: 0), Ct);
        Append append = Some.Append(Block, Some.Tag(2), after: 0, count: 5);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Writer.WriteAsync(1, transaction =>
        {
            transaction.Append(append);
            return true ? throw new InvalidOperationException("a surprise") : 0;
        }, Ct));

        Assert.Null(_store.Degraded);
        Assert.Equal(1, (await _store.ReadHeadsAsync([Block], Ct))[0].Position);
        Assert.Equal(6, (await _store.AppendAsync(append, Ct)).Head.Position);
    }

    [Fact]
    public async Task An_exception_after_the_commit_moves_the_heads_to_what_the_file_says()
    {
        Append append = Some.Append(Block, Some.Tag(1), after: 0, count: 3);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Writer.WriteAsync(1, transaction =>
        {
            transaction.Append(append);
            transaction.Commit();
            return true ? throw new InvalidOperationException("a surprise") : 0;
        }, Ct));

        Assert.Equal(
            new BlockHead(3, append.Entries[2].Hash, Some.Noon), (await _store.ReadHeadsAsync([Block], Ct))[0]);
        Assert.Equal(4, (await _store.AppendAsync(Some.Append(Block, Some.Tag(1), after: 3), Ct)).Head.Position);
    }

    [Fact]
    public async Task A_disk_that_fails_a_write_makes_the_store_refuse_until_it_is_opened_again()
    {
        await _store.AppendAsync(Some.Append(Block, Some.Tag(1), after: 0), Ct);
        string seen = (await _store.SaveAsync("s", new byte[] { 1 }, null, Ct))!;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Writer.WriteAsync<bool>(
            1, _ => throw new SqliteException("disk I/O error", errorCode: 10, extendedErrorCode: 1034), Ct));

        Assert.Contains("disk I/O error", _store.Degraded);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _store.ReadHeadsAsync([Block], Ct));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _store.AppendAsync(Some.Append(Block, Some.Tag(1), after: 1), Ct));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.SaveAsync("s", default, seen, Ct));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.DeleteAsync("s", seen, Ct));
        Assert.Single(await _store.ReadBlockAsync(Block, 0, 10, Ct));
        Assert.Equal(seen, (await _store.ReadAsync("s", Ct))?.Version);
    }

    [Fact]
    public async Task A_hole_in_a_block_is_found_by_the_reader_that_meets_it()
    {
        await _store.AppendAsync(Some.Append(Block, Some.Tag(1), after: 0, count: 9), Ct);
        await Execute("DELETE FROM events WHERE seq = 5");

        var broken = await Assert.ThrowsAsync<BrokenLedgerException>(() => _store.ReadBlockAsync(Block, 0, 100, Ct));

        Assert.Equal((Block, 5), (broken.Block, broken.Position));
        Assert.NotNull(_store.Degraded);
        Assert.Equal(4, (await _store.ReadBlockAsync(Block, 0, 4, Ct)).Count);
        await Execute("DELETE FROM events");
        await Execute("DELETE FROM heads");
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        await _store.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _store.AppendAsync(Some.Append(Block, Some.Tag(1), after: 0), Ct));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _store.ReadHeadsAsync([Block], Ct));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.ReadBlocksAsync(Block, 1, Ct));
    }

    private Task Pragma(string pragma) => Execute($"PRAGMA {pragma}");

    // On the writer's own connection, outside of its transactions.
    private Task Execute(string sql)
    {
        SqliteConnections.Execute(_store.Connection, sql);
        return Task.CompletedTask;
    }
}
