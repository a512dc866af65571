using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NumberLedger.Stores.Tests;

public sealed class WriteAheadLogTests : IDisposable
{
    private const int WithoutEndMs = int.MaxValue;

    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _held;
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;

    public WriteAheadLogTests()
    {
        _held = DataFolder.Hold(_folder.Path);
        _writer = SqliteConnections.OpenWriter(_held);
        SqliteConnections.Execute(_writer, "CREATE TABLE t (x)");
        _reader = SqliteConnections.OpenReader(_held);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
        _held.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)] // It still needs pages that are in the log alone.
    [InlineData(false)] // All is copied, but it reads the log: the next writer could not begin at its start.
    public async Task Past_its_limit_it_waits_for_a_reader_and_starts_over(bool readerIsBehind)
    {
        var log = new WriteAheadLog(_writer, pagesPerCheckpoint: 1, pagesMax: 10, WithoutEndMs);
        if (readerIsBehind) BeginToRead();
        for (int i = 0; i < 20; i++) Write();
        if (!readerIsBehind) BeginToRead();

        Task checkpoint = Task.Run(log.CheckpointIfGrown, TestContext.Current.CancellationToken);
        bool waits = IsSeenToWait(checkpoint);
        SqliteConnections.Execute(_reader, "COMMIT");
        await checkpoint;

        Assert.True(waits);
        Write();
        Assert.InRange(PagesInLog(), 1, 10);
    }

    [Fact]
    public void A_reader_that_does_not_end_is_not_waited_for_without_end()
    {
        var log = new WriteAheadLog(_writer, pagesPerCheckpoint: 1, pagesMax: 10, readersWaitMs: 1);
        BeginToRead();
        for (int i = 0; i < 20; i++) Write();

        log.CheckpointIfGrown();

        Write();
        Assert.InRange(PagesInLog(), 20, int.MaxValue);
    }

    private void Write() => SqliteConnections.Execute(_writer, "INSERT INTO t VALUES (randomblob(4096))");

    private void BeginToRead() => SqliteConnections.Execute(_reader, "BEGIN; SELECT count(*) FROM t");

    // It waits as the writer, so for so long nobody else can be one.
    private bool IsSeenToWait(Task checkpoint)
    {
        using SqliteConnection other = SqliteConnections.OpenReader(_held);
        SqliteConnections.Execute(other, "PRAGMA query_only = OFF");
        while (!checkpoint.IsCompleted)
        {
            if (raw.sqlite3_exec(other.Handle, "BEGIN IMMEDIATE") == raw.SQLITE_BUSY) return true;
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(other.Handle, "ROLLBACK"));
        }

        return false;
    }

    private int PagesInLog()
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_wal_checkpoint_v2(
            _writer.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out int inLog, out _));
        return inLog;
    }
}
