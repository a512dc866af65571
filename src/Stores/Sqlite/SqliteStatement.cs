using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NumberLedger.Stores;

/// <summary>One statement, prepared once and kept for the life of its connection.</summary>
/// <remarks>
/// Straight over SQLite's own calls: a <see cref="SqliteCommand"/> looks its parameters up by name, boxes every value
/// and makes a reader per run, which costs more than the insert. Not thread-safe, like its connection. Parameters and
/// columns are bound by position, parameters from 1, columns from 0, as in SQLite.
/// </remarks>
internal sealed class SqliteStatement : IDisposable
{
    // The statement lives long: SQLite then keeps it out of its small lookaside memory.
    private const uint Persistent = 0x01;

    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_connection, sql, Persistent, out _statement));
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, string value)
    {
        Check(raw.sqlite3_bind_text(_statement, parameter, value));
        return this;
    }

    /// <summary>Null stays null: an empty span would be an empty blob.</summary>
    public SqliteStatement Bind(int parameter, byte[]? value) =>
        value is null ? BindNull(parameter) : Bind(parameter, value.AsSpan());

    public SqliteStatement Bind(int parameter, Pseudonym value)
    {
        Span<byte> bytes = stackalloc byte[Pseudonym.Size];
        value.Write(bytes);
        return Bind(parameter, bytes);
    }

    public SqliteStatement Bind(int parameter, Hash256 value)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        value.Write(bytes);
        return Bind(parameter, bytes);
    }

    public SqliteStatement Bind(int parameter, CommandId? value)
    {
        if (value is not { } command) return BindNull(parameter);

        Span<byte> bytes = stackalloc byte[CommandId.Size];
        command.Write(bytes);
        return Bind(parameter, bytes);
    }

    /// <summary>
    /// True: there is a row. False: there is none left, and the statement is ready to be bound again.
    /// </summary>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW) return true;
        if (result == raw.SQLITE_DONE)
        {
            Reset();
            return false;
        }

        // The reset repeats the step's error code, and must come after the message was read from the connection.
        try
        {
            Check(result);
        }
        finally
        {
            Reset();
        }

        return false;
    }

    /// <summary>Runs a statement whose rows, if any, nobody needs.</summary>
    public void Run()
    {
        if (Step()) Reset();
    }

    /// <summary>The first column of the first row, or null without a row.</summary>
    public long? ReadInt64()
    {
        if (!Step()) return null;
        long value = Int64(0);
        Reset();
        return value;
    }

    /// <summary>By the last statement of the connection that ran to its end.</summary>
    public int RowsChanged => raw.sqlite3_changes(_connection);

    /// <summary>Ends a read before its last row: an open read holds the write-ahead log back.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;
    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);
    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();
    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();
    public Pseudonym Tag(int column) => Pseudonym.Read(Fixed(column, Pseudonym.Size));
    public Hash256 Hash(int column) => Hash256.Read(Fixed(column, Hash256.Size));
    public CommandId Command(int column) => CommandId.Read(Fixed(column, CommandId.Size));

    public void Dispose() => _statement.Dispose();

    private SqliteStatement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    private ReadOnlySpan<byte> Fixed(int column, int size)
    {
        ReadOnlySpan<byte> bytes = raw.sqlite3_column_blob(_statement, column);
        return bytes.Length == size
            ? bytes
            : throw new InvalidDataException($"A column of {size} bytes holds {bytes.Length}.");
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, _connection);
    }
}
