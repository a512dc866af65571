using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores;

/// <summary>
/// The tables, as numbered steps: a released step is never edited, a change is a new step at the end.
/// </summary>
internal static class SqliteSchema
{
    // Keys begin with the block, so that all a bulk write touches lies together: keys that begin with a tag touch the
    // whole tree at random. events_tv is the last arbiter: whatever was judged, a version exists once. Commands of
    // numbers have no index: each would cost a third page for every entry, and a number has few entries to look
    // through. The registry is one tag with all of its entries, so its commands have one.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) WITHOUT ROWID, STRICT;
        INSERT INTO meta (key, value) VALUES ('ledger', randomblob(16));

        CREATE TABLE events (
            block INTEGER NOT NULL, seq INTEGER NOT NULL, tag BLOB NOT NULL, version INTEGER NOT NULL,
            salt BLOB, sealed BLOB NOT NULL, hash BLOB NOT NULL, cmd BLOB,
            PRIMARY KEY (block, seq)) WITHOUT ROWID, STRICT;
        CREATE UNIQUE INDEX events_tv ON events (block, tag, version);

        CREATE TABLE heads (
            block INTEGER NOT NULL PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL) STRICT;

        CREATE TABLE claims (
            id BLOB NOT NULL UNIQUE, digest BLOB NOT NULL, at INTEGER NOT NULL,
            status INTEGER, content_type TEXT, body BLOB) STRICT;
        CREATE INDEX claims_at ON claims (at);
        """,
        """
        CREATE TABLE snapshots (
            block INTEGER NOT NULL PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
        CREATE INDEX events_registry_cmd ON events (cmd) WHERE block = 0 AND cmd IS NOT NULL;
        """,
        """
        CREATE TABLE states (
            name TEXT NOT NULL PRIMARY KEY, version TEXT NOT NULL, content BLOB NOT NULL) STRICT;
        """,
    ];

    /// <summary>Brings an empty or older file to the newest step, in one transaction.</summary>
    /// <exception cref="StoreUnavailableException">A newer release wrote the file.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        int present = VersionOf(connection, transaction);
        if (present > Steps.Length)
        {
            throw new StoreUnavailableException(
                $"The database has schema version {present}, written by a newer release; this one knows up to " +
                $"{Steps.Length}. Run the newer release, or restore a backup of the older one.");
        }

        if (present == Steps.Length) return;

        foreach (string step in Steps[present..]) Run(connection, transaction, step);
        Run(connection, transaction, $"INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', {Steps.Length})");
        transaction.Commit();
    }

    /// <summary>16 random bytes that tell this ledger from any other.</summary>
    public static byte[] LedgerIdOf(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM meta WHERE key = 'ledger'";
        return (byte[])command.ExecuteScalar()!;
    }

    /// <summary>Of a new file, that of the ledger which is restored into it.</summary>
    public static void SetLedgerId(SqliteConnection connection, byte[] id)
    {
        using var update = new SqliteStatement(connection, "UPDATE meta SET value = ?1 WHERE key = 'ledger'");
        update.Bind(1, id).Run();
    }

    /// <summary>Where the ledger has gone, as a sentence; null: it is here.</summary>
    public static string? MovedOf(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM meta WHERE key = 'moved'";
        return command.ExecuteScalar() is string to
            ? $"The ledger was copied to {to}: what was recorded there since is missing here."
            : null;
    }

    public static void SetMoved(SqliteConnection connection, string to)
    {
        using var insert = new SqliteStatement(
            connection, "INSERT OR REPLACE INTO meta (key, value) VALUES ('moved', ?1)");
        insert.Bind(1, to).Run();
    }

    private static int VersionOf(SqliteConnection connection, SqliteTransaction transaction)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'";
        if ((long)command.ExecuteScalar()! == 0) return 0;

        command.CommandText = "SELECT value FROM meta WHERE key = 'schema'";
        return (int)(long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
