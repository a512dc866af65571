using Npgsql;

namespace NumberLedger.Stores;

/// <summary>
/// The tables, as numbered steps: a released step is never edited, a change is a new step at the end.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>Whoever migrates holds this advisory lock: "numledgr". Silos start at the same time.</summary>
    private const long MigrationLock = 0x6E756D6C65646772;

    private const string UnsafeSetting =
        "SELECT name FROM pg_settings "
        + "WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'";

    // Keys begin with the block, as with SQLite. events_tv is the last arbiter: whatever was judged, a version exists
    // once. What is sealed cannot be compressed, so nothing tries to.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE events (
            block bigint NOT NULL, seq bigint NOT NULL, tag uuid NOT NULL, version bigint NOT NULL,
            salt bytea, sealed bytea NOT NULL, hash bytea NOT NULL, cmd uuid,
            PRIMARY KEY (block, seq));
        CREATE UNIQUE INDEX events_tv ON events (block, tag, version);
        CREATE INDEX events_registry_cmd ON events (cmd) WHERE block = 0 AND cmd IS NOT NULL;

        CREATE TABLE heads (
            block bigint PRIMARY KEY, seq bigint NOT NULL, hash bytea NOT NULL, at bigint NOT NULL);

        CREATE TABLE claims (
            id uuid PRIMARY KEY, digest bytea NOT NULL, at bigint NOT NULL,
            status integer, content_type text, body bytea);
        CREATE INDEX claims_at ON claims (at);

        CREATE TABLE snapshots (
            block bigint PRIMARY KEY, seq bigint NOT NULL, hash bytea NOT NULL, sealed bytea NOT NULL);
        ALTER TABLE snapshots ALTER COLUMN sealed SET STORAGE EXTERNAL;
        """,
        """
        CREATE TABLE states (name text COLLATE "C" PRIMARY KEY, version text NOT NULL, content bytea NOT NULL);
        ALTER TABLE states ALTER COLUMN content SET STORAGE EXTERNAL;

        CREATE TABLE files (
            name text PRIMARY KEY, length bigint NOT NULL DEFAULT 0, deleted boolean NOT NULL DEFAULT false);
        CREATE TABLE file_parts (
            name text NOT NULL, part integer NOT NULL, content bytea NOT NULL, PRIMARY KEY (name, part));
        ALTER TABLE file_parts ALTER COLUMN content SET STORAGE EXTERNAL;
        """,
    ];

    /// <summary>Brings an empty or older database to the newest step, in one transaction.</summary>
    /// <exception cref="StoreUnavailableException">
    /// A newer release wrote the database, or it holds a ledger of another master key.
    /// </exception>
    public static async Task MigrateAsync(NpgsqlConnection connection, string schema, MasterKey master)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await RunAsync(connection, $"SELECT pg_advisory_xact_lock({MigrationLock})");
        await RunAsync(connection, $"CREATE SCHEMA IF NOT EXISTS \"{schema}\"");
        await RunAsync(connection, "CREATE TABLE IF NOT EXISTS meta (key text PRIMARY KEY, value bigint NOT NULL)");
        object? version = await ScalarAsync(connection, "SELECT value FROM meta WHERE key = 'schema'");
        int present = (int)(version as long? ?? 0);
        if (present > Steps.Length)
        {
            throw new StoreUnavailableException(
                $"The database has schema version {present}, written by a newer release; this one knows up to "
                + $"{Steps.Length}. Run the newer release, or restore a backup of the older one.");
        }

        foreach (string step in Steps[present..]) await RunAsync(connection, step);
        await RunAsync(
            connection,
            $"INSERT INTO meta VALUES ('schema', {Steps.Length}) "
            + "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value");
        await VerifyKeyAsync(connection, master);
        await transaction.CommitAsync();
    }

    /// <summary>A server that acknowledges what it may lose, or that only follows another, is not taken.</summary>
    /// <exception cref="StoreUnavailableException">Names the setting and the remedy.</exception>
    public static async Task VerifyServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ScalarAsync(connection, UnsafeSetting, cancellationToken) is string setting)
        {
            throw new StoreUnavailableException(
                $"PostgreSQL runs with {setting} = off, so a crash may lose what it has acknowledged. Set it to on, "
                + "for the server, the database and the role.");
        }

        if (await ScalarAsync(connection, "SELECT pg_is_in_recovery()", cancellationToken) is true)
        {
            throw new StoreUnavailableException(
                "PostgreSQL is a standby, whose reads are behind its primary's. Connect to the primary.");
        }
    }

    /// <summary>Under another key every number would look new, and a second ledger grow between the first.</summary>
    private static async Task VerifyKeyAsync(NpgsqlConnection connection, MasterKey master)
    {
        long check = BitConverter.ToInt64(master.Derive("nl/store/1", sizeof(long)));
        await RunAsync(connection, $"INSERT INTO meta VALUES ('master', {check}) ON CONFLICT (key) DO NOTHING");
        object? known = await ScalarAsync(connection, "SELECT value FROM meta WHERE key = 'master'");
        if (known is long of && of == check) return;

        throw new StoreUnavailableException(
            "The database holds a ledger of another master key. Start with that key, or name another database.");
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
