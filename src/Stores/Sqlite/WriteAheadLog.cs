using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NumberLedger.Stores;

/// <summary>Copies a grown write-ahead log back into the database file, between groups.</summary>
/// <remarks>
/// SQLite would do it inside a commit, and the callers would wait for it. A log whose pages are all copied starts over
/// at its beginning, unless a reader still needs it; with many readers there is always one, so past a second limit the
/// writer waits a moment for them.
/// </remarks>
/// <param name="pagesPerCheckpoint">
/// 64 MiB: a page that changes often is copied once, and reading the log after a crash takes a moment.
/// </param>
/// <param name="pagesMax">512 MiB: from here on readers are waited for.</param>
/// <param name="readersWaitMs">At a time: longer than a read takes, and shorter than a caller's patience.</param>
internal sealed class WriteAheadLog(
    SqliteConnection connection, int pagesPerCheckpoint = 16_384, int pagesMax = 131_072, int readersWaitMs = 100)
{
    private readonly sqlite3 _connection = connection.Handle!;
    private int _pages;

    public void CheckpointIfGrown()
    {
        // Counts the pages that this connection, the only one that writes, put into the log.
        raw.sqlite3_db_status(_connection, raw.SQLITE_DBSTATUS_CACHE_WRITE, out int written, out _, 1);
        _pages += written;
        if (_pages >= pagesPerCheckpoint) Checkpoint();
    }

    private void Checkpoint()
    {
        _pages = 0;
        int result = raw.sqlite3_wal_checkpoint_v2(
            _connection, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out int inLog, out _);
        if (result == raw.SQLITE_OK && inLog > pagesMax)
        {
            // Without a timeout SQLite gives up at once.
            raw.sqlite3_busy_timeout(_connection, readersWaitMs);
            result = raw.sqlite3_wal_checkpoint_v2(_connection, "main", raw.SQLITE_CHECKPOINT_RESTART, out _, out _);
            raw.sqlite3_busy_timeout(_connection, 0);
        }

        // Busy: a reader kept it from finishing. It is tried again after as many pages more.
        if (result is not (raw.SQLITE_OK or raw.SQLITE_BUSY)) SqliteException.ThrowExceptionForRC(result, _connection);
    }
}
