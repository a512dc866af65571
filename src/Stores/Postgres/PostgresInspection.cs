using System.Data;
using Npgsql;

namespace NumberLedger.Stores;

/// <summary>The rows of a PostgreSQL ledger as they are, for fsck; each block as of one moment.</summary>
public sealed class PostgresInspection : ILedgerInspection, IAsyncDisposable
{
    private const string NextBlocks =
        """
        SELECT block FROM (
            SELECT block FROM heads WHERE block >= $1 UNION SELECT block FROM snapshots WHERE block >= $1
            UNION (
                WITH RECURSIVE next AS (
                    (SELECT block FROM events WHERE block >= $1 ORDER BY block LIMIT 1)
                    UNION ALL
                    SELECT (SELECT e.block FROM events e WHERE e.block > next.block ORDER BY e.block LIMIT 1)
                    FROM next WHERE next.block IS NOT NULL)
                SELECT block FROM next WHERE block IS NOT NULL LIMIT $2)
        ) all_blocks ORDER BY block LIMIT $2
        """;

    private const string Head = "SELECT seq, hash, at FROM heads WHERE block = $1 AND seq > 0";

    private const string Entries =
        "SELECT seq, uuid_send(tag), version, salt, sealed, hash, uuid_send(cmd) FROM events WHERE block = $1 ORDER BY seq";

    private const string Snapshot = "SELECT seq, hash, sealed FROM snapshots WHERE block = $1";

    private readonly NpgsqlDataSource _source;

    private PostgresInspection(NpgsqlDataSource source) => _source = source;

    /// <summary>The server keeps no memory of its own that could disagree.</summary>
    public string? Degraded => null;

    /// <exception cref="StoreUnavailableException">As of a store.</exception>
    public static async Task<PostgresInspection> OpenAsync(string connectionString, MasterKey master)
    {
        await (await PostgresLedgerStore.OpenAsync(connectionString, master)).DisposeAsync();
        return new PostgresInspection(PostgresSource.Build(connectionString).Source);
    }

    /// <summary>Nothing: what PostgreSQL finds by itself (checksums, amcheck) its own tools tell.</summary>
    public Task<IReadOnlyList<string>> CheckDatabaseAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public Task<IReadOnlyList<NumberBlock>> ListBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken) => GuardAsync(async connection =>
    {
        IReadOnlyList<NumberBlock> blocks = await ListAsync(
            connection, NextBlocks, row => new NumberBlock(row.GetInt64(0)), cancellationToken, from.Key.AsParameter(),
            ((long)countMax).AsParameter());
        return blocks;
    }, cancellationToken);

    public Task<RawBlock> ReadBlockAsync(NumberBlock block, CancellationToken cancellationToken) => GuardAsync(
        async connection =>
        {
            await using NpgsqlTransaction moment = await connection.BeginTransactionAsync(
                IsolationLevel.RepeatableRead, cancellationToken);
            List<RawHead> heads = await ListAsync(
                connection, Head, row => new RawHead(row.GetInt64(0), PostgresRows.Bytes(row, 1), row.GetInt64(2)),
                cancellationToken, block.Key.AsParameter());
            List<RawEntry> entries = await ListAsync(
                connection, Entries,
                row => new RawEntry(
                    row.GetInt64(0), PostgresRows.Bytes(row, 1), row.GetInt64(2), BytesOrNull(row, 3),
                    PostgresRows.Bytes(row, 4), PostgresRows.Bytes(row, 5), BytesOrNull(row, 6)),
                cancellationToken, block.Key.AsParameter());
            List<RawSnapshot> snapshots = await ListAsync(
                connection, Snapshot,
                row => new RawSnapshot(row.GetInt64(0), PostgresRows.Bytes(row, 1), PostgresRows.Bytes(row, 2)),
                cancellationToken, block.Key.AsParameter());
            return new RawBlock(block, heads.FirstOrDefault(), entries, snapshots.FirstOrDefault());
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static byte[]? BytesOrNull(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : PostgresRows.Bytes(row, column);

    private static async Task<List<T>> ListAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<T>();
        while (await rows.ReadAsync(cancellationToken)) all.Add(read(rows));
        return all;
    }

    private async Task<T> GuardAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
            return await read(connection);
        }
        catch (Exception failed) when (PostgresFaults.IsOne(failed, cancellationToken))
        {
            throw PostgresFaults.Translate(failed);
        }
    }
}
