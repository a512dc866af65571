using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores;

/// <summary>States, inside the writer's transactions.</summary>
internal sealed class SqliteStates : IDisposable
{
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _delete;

    public SqliteStates(SqliteConnection connection)
    {
        _insert = new(connection,
            "INSERT INTO states (name, version, content) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO NOTHING");
        _update = new(connection, "UPDATE states SET version = ?2, content = ?3 WHERE name = ?1 AND version = ?4");
        _delete = new(connection, "DELETE FROM states WHERE name = ?1 AND version = ?2");
    }

    /// <param name="expected">Null: there is none of that name.</param>
    public bool Save(string name, string version, ReadOnlyMemory<byte> content, string? expected)
    {
        SqliteStatement statement = expected is null ? _insert : _update;
        statement.Bind(1, name).Bind(2, version).Bind(3, content.Span);
        if (expected is not null) statement.Bind(4, expected);
        statement.Run();
        return statement.RowsChanged == 1;
    }

    public bool Delete(string name, string expected)
    {
        _delete.Bind(1, name).Bind(2, expected).Run();
        return _delete.RowsChanged == 1;
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in (SqliteStatement[])[_insert, _update, _delete]) statement.Dispose();
    }
}
