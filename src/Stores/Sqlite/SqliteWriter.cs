using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NumberLedger.Stores;

/// <summary>The one thread that writes.</summary>
/// <remarks>
/// The life of an append:
/// <list type="number">
/// <item>A caller checks its shape and puts it into the queue. A full queue refuses it at once.</item>
/// <item>This thread takes whatever waits, up to a limit: a group. While it writes one group, the next gathers, so the
/// wait for the disk is shared by all who wait at the same time.</item>
/// <item>BEGIN IMMEDIATE. Each append is judged alone, in the order of arrival, and sees those before it: a repeated
/// command, a stale version, or the next positions of its block.</item>
/// <item>COMMIT, <em>the commit point</em>: it returns once the write-ahead log is on the disk.</item>
/// <item>Only now the heads in memory move, and then every append of the group is answered.</item>
/// <item>An exception up to here means <em>unknown</em> to every caller of the group. The heads are read again from the
/// file; if the disk itself may have failed, the store is degraded until it is opened again.</item>
/// <item>After a group of several it waits a moment for those who were just answered: one sync then serves them all.
/// Who writes alone waits for nobody.</item>
/// <item>After the answers, pages of a grown write-ahead log are copied into the database file, and the moved heads are
/// signed and written to the <see cref="Checkpoint"/>, at most a second after the commit. While that fails, no group is
/// begun and its callers are refused.</item>
/// </list>
/// </remarks>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>
    /// Entries waiting: more than a second's work even at the best rate, so past it callers had better come again.
    /// </summary>
    public const int QueuedEntriesMax = 65_536;

    /// <summary>
    /// Entries in one transaction: beyond this a group gains no speed, and its first append only waits longer.
    /// </summary>
    public const int GroupEntriesMax = 4_096;

    private readonly SqliteConnection _connection;
    private readonly Heads _heads;
    private readonly StoreHealth _health;
    private readonly WriteQueue _queue = new(QueuedEntriesMax);
    private readonly WriteTransaction _transaction;
    private readonly SqliteStatement _readHead;
    private readonly WriteAheadLog _log;
    private readonly Checkpoint _checkpoint;
    private readonly Thread _thread;

    public SqliteWriter(SqliteConnection connection, Heads heads, StoreHealth health, Checkpoint checkpoint)
    {
        _connection = connection;
        _heads = heads;
        _health = health;
        _transaction = new WriteTransaction(connection, heads);
        _readHead = new SqliteStatement(connection, "SELECT seq, hash, at FROM heads WHERE block = ?1");
        _log = new WriteAheadLog(connection);
        _checkpoint = checkpoint;
        _thread = new Thread(WriteUntilClosed) { Name = "ledger-writer", IsBackground = true };
        _thread.Start();
    }

    public Task<T> WriteAsync<T>(int weight, Func<WriteTransaction, T> work, CancellationToken cancellationToken)
    {
        var job = new WriteJob<T>(weight, work, cancellationToken);
        _queue.Add(job);
        return job.Done;
    }

    /// <summary>After everything else that waits, and in a transaction of its own.</summary>
    public Task<T> WriteLaterAsync<T>(Func<WriteTransaction, T> work, CancellationToken cancellationToken)
    {
        var job = new WriteJob<T>(0, work, cancellationToken);
        _queue.AddWhatCanWait(job);
        return job.Done;
    }

    /// <summary>Writes what waits, and then the last checkpoint. The connection stays its owner's.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        _transaction.Dispose();
        _readHead.Dispose();
        _checkpoint.Dispose();
    }

    private void WriteUntilClosed()
    {
        var group = new List<WriteJob>();
        while (_queue.Take(group, GroupEntriesMax, _checkpoint.DueIn))
        {
            try
            {
                _checkpoint.WriteIfDue(); // Before the next commit: none may run further ahead of it.
                if (group.Count == 0) continue;

                Write(group);
                _log.CheckpointIfGrown();
                _queue.Gather(group.Count);
            }
            catch (StoreUnavailableException e)
            {
                Fail(group, e); // Nothing was begun.
            }
            catch (Exception e)
            {
                Recover(e);
                string what = e is SqliteException ? e.Message : e.ToString(); // A surprise is told with its place.
                Fail(group, new StoreUnavailableException(
                    $"The write failed; whether it is stored is unknown. {what}", e));
            }
        }
    }

    private void Write(List<WriteJob> group)
    {
        _health.ThrowIfDegraded();

        _transaction.Begin();
        foreach (WriteJob job in group) job.Run(_transaction);
        _transaction.Commit();

        foreach ((NumberBlock block, BlockHead head) in _transaction.Moved)
        {
            _heads[block] = head;
            _checkpoint.Note(block, head);
        }

        foreach (WriteJob job in group) job.Complete();
    }

    private static void Fail(List<WriteJob> group, StoreUnavailableException cause)
    {
        foreach (WriteJob job in group) job.Fail(cause);
    }

    /// <summary>
    /// Makes the heads in memory those of the file again, or says that the store must not be believed.
    /// </summary>
    private void Recover(Exception cause)
    {
        if (MayHaveLostWrites(cause))
        {
            _health.Degrade($"The disk or the database file failed while writing: {cause.Message} " +
                "Check the disk, then start again.");
            return;
        }

        try
        {
            // SQLite has often rolled back by itself.
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) _transaction.Rollback();
            foreach (NumberBlock block in _transaction.Moved.Keys) _heads[block] = ReadHead(block);
        }
        catch (Exception e)
        {
            _health.Degrade($"After a failed write the store cannot be read: {e.Message} Start again.");
        }
    }

    // After a failed write or sync the kernel may call pages clean that never reached the disk: no retry can tell.
    private static bool MayHaveLostWrites(Exception cause) =>
        cause is SqliteException { SqliteErrorCode: raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB };

    private BlockHead ReadHead(NumberBlock block)
    {
        _readHead.Bind(1, block.Key);
        if (!_readHead.Step()) return default;

        BlockHead head = Heads.HeadOf(_readHead, 0);
        _readHead.Reset();
        return head;
    }
}
