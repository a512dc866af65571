using Npgsql;

namespace NumberLedger.Stores;

/// <summary>Parts of files; each call is a statement, and a transaction, of its own.</summary>
/// <remarks>
/// A deletion marks the file, takes away its parts, and then the file. Between, nothing reads or writes it, and a
/// deletion that was broken off is seen by who lists files, and done again.
/// </remarks>
internal sealed class PostgresFiles(NpgsqlDataSource source, TimeSpan deadline) : IFileParts
{
    private const string Create = "INSERT INTO files (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";

    private const string Find = "SELECT length FROM files WHERE name = $1 AND NOT deleted";

    // The row of the file is locked by its update: whoever deletes waits, and sees the part.
    private const string Write =
        "WITH file AS (UPDATE files SET length = $4 WHERE name = $1 AND NOT deleted RETURNING name) "
        + "INSERT INTO file_parts (name, part, content) SELECT name, $2, $3 FROM file "
        + "ON CONFLICT (name, part) DO UPDATE SET content = EXCLUDED.content";

    private const string Read = "SELECT content FROM file_parts WHERE name = $1 AND part = $2";

    private const string Mark = "UPDATE files SET deleted = true WHERE name = $1";

    // Few enough to be done well within the deadline of a statement.
    private const string DeleteParts =
        "DELETE FROM file_parts WHERE name = $1 AND part IN (SELECT part FROM file_parts WHERE name = $1 LIMIT 256)";

    // Another may delete the same file, and not have done with its parts: then the sweep does it again.
    private const string Delete =
        "DELETE FROM files WHERE name = $1 AND deleted AND NOT EXISTS (SELECT FROM file_parts WHERE name = $1)";

    private const string List = "SELECT name FROM files";

    public async Task<bool> CreateAsync(string name, CancellationToken cancellationToken) =>
        await RunAsync(Create, cancellationToken, name.AsParameter()) == 1;

    public async Task<long?> FindAsync(string name, CancellationToken cancellationToken) =>
        (long?)await GuardAsync(
            Find, static (command, token) => command.ExecuteScalarAsync(token), cancellationToken, name.AsParameter());

    public async Task<bool> WriteAsync(
        string name, int part, ReadOnlyMemory<byte> content, long length, CancellationToken cancellationToken) =>
        await RunAsync(
            Write, cancellationToken, name.AsParameter(), part.AsParameter(), content.AsParameter(),
            length.AsParameter()) == 1;

    public async Task<byte[]?> ReadAsync(string name, int part, CancellationToken cancellationToken) =>
        (byte[]?)await GuardAsync(
            Read, static (command, token) => command.ExecuteScalarAsync(token), cancellationToken, name.AsParameter(),
            part.AsParameter());

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await RunAsync(Mark, cancellationToken, name.AsParameter());
        while (await RunAsync(DeleteParts, cancellationToken, name.AsParameter()) > 0) { }
        await RunAsync(Delete, cancellationToken, name.AsParameter());
    }

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        await GuardAsync(
            List,
            static async (command, token) =>
            {
                var names = new List<string>();
                await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(token);
                while (await rows.ReadAsync(token)) names.Add(rows.GetString(0));
                return names;
            },
            cancellationToken);

    private Task<int> RunAsync(
        string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        GuardAsync(sql, static (command, token) => command.ExecuteNonQueryAsync(token), cancellationToken, parameters);

    private async Task<T> GuardAsync<T>(
        string sql, Func<NpgsqlCommand, CancellationToken, Task<T>> run, CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
    {
        using var late = new PostgresDeadline(deadline, cancellationToken);
        try
        {
            await using NpgsqlCommand command = source.CreateCommand(sql, parameters);
            return await run(command, late.Token);
        }
        catch (PostgresException full) when (sql == Write && full.SqlState == PostgresErrorCodes.DiskFull)
        {
            throw new FileStoreFullException(full);
        }
        catch (Exception failed) when (PostgresFaults.IsOne(failed, cancellationToken))
        {
            throw PostgresFaults.Translate(failed);
        }
    }
}
