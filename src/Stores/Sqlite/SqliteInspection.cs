using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NumberLedger.Stores;

/// <summary>
/// The rows of a SQLite ledger as they are, for fsck. Holds the folder like a store, and writes nothing into it.
/// </summary>
/// <remarks>One caller at a time.</remarks>
public sealed class SqliteInspection : ILedgerInspection, IDisposable
{
    /// <summary>Enough to see what is wrong; a damaged database has thousands.</summary>
    private const int DatabaseProblemsMax = 20;

    private readonly DataFolder _folder;
    private readonly SqliteConnection _connection;
    private readonly List<SqliteStatement> _statements = [];

    private SqliteInspection(DataFolder folder, SqliteConnection connection, string? degraded) =>
        (_folder, _connection, Degraded) = (folder, connection, degraded);

    public string? Degraded { get; }

    /// <summary>
    /// Opens the folder as a store does, to hear what the store says of it, and then for reading alone.
    /// </summary>
    /// <exception cref="StoreUnavailableException">
    /// The folder is in use or cannot be used, or a newer release wrote it.
    /// </exception>
    public static async Task<SqliteInspection> OpenAsync(string folder, MasterKey master)
    {
        string? degraded;
        try
        {
            await using SqliteLedgerStore store = SqliteLedgerStore.Open(folder, master);
            degraded = store.Degraded;
        }
        catch (StoreUnavailableException e) when (IsDamage(e.InnerException))
        {
            degraded = e.Message;
        }

        DataFolder held = DataFolder.Hold(folder);
        try
        {
            return new SqliteInspection(held, SqliteConnections.OpenReader(held), degraded);
        }
        catch (SqliteException e)
        {
            held.Dispose();
            throw new StoreUnavailableException($"'{held.Database}' cannot be read: {e.Message}", e);
        }
    }

    public Task<IReadOnlyList<string>> CheckDatabaseAsync(CancellationToken cancellationToken) =>
        Read<IReadOnlyList<string>>(() =>
    {
        var problems = new List<string>();
        SqliteStatement check = Prepare($"PRAGMA integrity_check({DatabaseProblemsMax})");
        while (check.Step()) problems.Add(check.Text(0));
        return problems is ["ok"] ? [] : problems;
    });

    public Task<IReadOnlyList<NumberBlock>> ListBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken) => Read<IReadOnlyList<NumberBlock>>(() =>
    {
        // Three steps a block: a DISTINCT over the entries would read them all.
        SqliteStatement next = Prepare(
            "SELECT min(block) FROM (SELECT min(block) AS block FROM heads WHERE block >= ?1 " +
            "UNION ALL SELECT min(block) FROM events WHERE block >= ?1 " +
            "UNION ALL SELECT min(block) FROM snapshots WHERE block >= ?1)");
        var blocks = new List<NumberBlock>();
        long key = from.Key;
        while (blocks.Count < countMax)
        {
            cancellationToken.ThrowIfCancellationRequested();
            next.Bind(1, key);
            if (!next.Step() || next.IsNull(0)) break;

            long found = next.Int64(0);
            next.Reset();
            // A page in another's place: whoever goes by what it says comes back to where it was, and goes on for ever.
            if (found < key) throw new StoreUnavailableException("The database's blocks are not in their order.");

            blocks.Add(new NumberBlock(found));
            if (found == long.MaxValue) break;
            key = found + 1;
        }

        return blocks;
    });

    public Task<RawBlock> ReadBlockAsync(NumberBlock block, CancellationToken cancellationToken) => Read(() =>
    {
        RawHead? head = null;
        SqliteStatement heads = Prepare("SELECT seq, hash, at FROM heads WHERE block = ?1").Bind(1, block.Key);
        while (heads.Step()) head = new RawHead(heads.Int64(0), heads.Bytes(1), heads.Int64(2));

        var entries = new List<RawEntry>();
        SqliteStatement rows = Prepare(
            "SELECT seq, tag, version, salt, sealed, hash, cmd FROM events WHERE block = ?1 ORDER BY seq")
            .Bind(1, block.Key);
        while (rows.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            entries.Add(new RawEntry(
                rows.Int64(0), rows.Bytes(1), rows.Int64(2), rows.IsNull(3) ? null : rows.Bytes(3), rows.Bytes(4),
                rows.Bytes(5), rows.IsNull(6) ? null : rows.Bytes(6)));
        }

        RawSnapshot? snapshot = null;
        SqliteStatement snapshots = Prepare("SELECT seq, hash, sealed FROM snapshots WHERE block = ?1")
            .Bind(1, block.Key);
        while (snapshots.Step())
        {
            snapshot = new RawSnapshot(snapshots.Int64(0), snapshots.Bytes(1), snapshots.Bytes(2));
        }

        return new RawBlock(block, head, entries, snapshot);
    });

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    private static bool IsDamage(Exception? cause) => cause switch
    {
        null or IOException or UnauthorizedAccessException => false,
        SqliteException sqlite => sqlite.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR,
        _ => true,
    };

    private Task<T> Read<T>(Func<T> read)
    {
        try
        {
            return Task.FromResult(read());
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException($"The database cannot be read: {e.Message}", e);
        }
        finally
        {
            foreach (SqliteStatement statement in _statements) statement.Dispose();
            _statements.Clear();
        }
    }

    /// <summary>For one read: an abandoned one may stop in the middle of its rows.</summary>
    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }
}
