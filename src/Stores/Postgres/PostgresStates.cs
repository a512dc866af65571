using Npgsql;

namespace NumberLedger.Stores;

/// <summary>States; each call is a statement, and a transaction, of its own.</summary>
internal sealed class PostgresStates(NpgsqlDataSource source)
{
    private const string List = "SELECT name, version FROM states WHERE name >= $1 AND name < $2";

    private const string Read = "SELECT version, content FROM states WHERE name = $1";

    private const string Insert =
        "INSERT INTO states (name, version, content) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";

    private const string Update = "UPDATE states SET version = $2, content = $3 WHERE name = $1 AND version = $4";

    private const string Delete = "DELETE FROM states WHERE name = $1 AND version = $2";

    public async Task<IReadOnlyList<StateVersion>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var states = new List<StateVersion>();
        await using NpgsqlCommand command = source.CreateCommand(
            List, prefix.AsParameter(), (prefix + StoredNames.BehindAll).AsParameter());
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            states.Add(new(rows.GetString(0), rows.GetString(1)));
        }

        return states;
    }

    public async Task<StoredState?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = source.CreateCommand(Read, name.AsParameter());
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken)
            ? new(rows.GetString(0), PostgresRows.Bytes(rows, 1))
            : null;
    }

    /// <param name="expected">Null: there is none of that name.</param>
    public async Task<bool> SaveAsync(
        string name, string version, ReadOnlyMemory<byte> content, string? expected,
        CancellationToken cancellationToken)
    {
        NpgsqlParameter[] values = [name.AsParameter(), version.AsParameter(), content.AsParameter()];
        await using NpgsqlCommand command = expected is null
            ? source.CreateCommand(Insert, values)
            : source.CreateCommand(Update, [.. values, expected.AsParameter()]);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public async Task<bool> DeleteAsync(string name, string expected, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = source.CreateCommand(Delete, name.AsParameter(), expected.AsParameter());
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
