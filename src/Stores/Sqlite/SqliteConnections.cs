using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NumberLedger.Stores;

/// <summary>Opens connections to the one database file, all alike.</summary>
/// <remarks>
/// The VFS "unix-excl" locks the file against every other process from the first use on, and keeps the index of the
/// write-ahead log in this process's memory, where all its connections share it: readers run beside the writer.
/// Windows has no such VFS; there the lock file of <see cref="DataFolder"/> is the only fence.
/// </remarks>
internal static class SqliteConnections
{
    /// <remarks>
    /// SQLite is told that no connection is used by two threads at once, and to keep no count of its memory: its locks
    /// for both took a twentieth of a bulk write's processor time. Comes too late, and is refused, where a connection
    /// was opened by somebody else before; then only that time is lost.
    /// </remarks>
    static SqliteConnections()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>The writer: commits return only after the write-ahead log is on the disk.</summary>
    /// <exception cref="StoreUnavailableException">Another process holds the file.</exception>
    public static SqliteConnection OpenWriter(DataFolder folder)
    {
        // SQLite would let everybody read it. It gives the write-ahead log the same mode as the database.
        if (!File.Exists(folder.Database))
        {
            OwnersFile.Open(folder.Database, FileMode.CreateNew, FileShare.None).Dispose();
        }

        try
        {
            // journal_mode is the first statement that touches the file, and so the one that finds it locked.
            return Open(
                folder,
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA wal_autocheckpoint = 0", // The writer does it, after the acknowledgements.
                "PRAGMA cache_size = -32768"); // KiB
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_BUSY)
        {
            throw DataFolder.InUse(folder.Path, e);
        }
    }

    public static SqliteConnection OpenReader(DataFolder folder) => Open(folder, "PRAGMA query_only = ON");

    /// <returns>How many rows it changed.</returns>
    public static int Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(DataFolder folder, params string[] pragmas)
    {
        var source = new SqliteConnectionStringBuilder
        {
            DataSource = folder.Database,
            Vfs = OperatingSystem.IsWindows() ? null : "unix-excl",
            Pooling = false,
            DefaultTimeout = 1,
        };
        var connection = new SqliteConnection(source.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA cell_size_check = ON"); // Finds a damaged page before its cells are believed.
            Execute(connection, "PRAGMA trusted_schema = OFF");
            foreach (string pragma in pragmas) Execute(connection, pragma);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
