using Npgsql;

namespace NumberLedger.Stores;

/// <summary>Between the ledger's values and columns. What is 16 bytes is a uuid, in the same order of bytes.</summary>
internal static class PostgresRows
{
    public static NpgsqlCommand CreateCommand(
        this NpgsqlDataSource source, string sql, params NpgsqlParameter[] parameters)
    {
        NpgsqlCommand command = source.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    public static NpgsqlParameter<T> AsParameter<T>(this T value) => new() { TypedValue = value };

    public static Guid AsGuid(this Pseudonym tag) => AsGuid(tag.Value);

    public static Guid AsGuid(this CommandId command) => AsGuid(command.Value);

    public static Guid AsGuid(this UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>From seq, hash, at.</summary>
    public static BlockHead HeadOf(NpgsqlDataReader row, int first) => row.GetInt64(first) is > 0 and long position
        ? new(
            position, Hash256.Read(Bytes(row, first + 1)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(first + 2)))
        : default;

    /// <summary>From seq, tag, version, salt, sealed, hash, cmd.</summary>
    public static StoredEntry EntryOf(NpgsqlDataReader row, int first) => new(
        Position: row.GetInt64(first), Tag: new Pseudonym(Value(row, first + 1)), Version: row.GetInt64(first + 2),
        Salt: row.IsDBNull(first + 3) ? null : Bytes(row, first + 3), Sealed: Bytes(row, first + 4),
        Hash: Hash256.Read(Bytes(row, first + 5)),
        Command: row.IsDBNull(first + 6) ? null : new CommandId(Value(row, first + 6)));

    public static byte[] Bytes(NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    private static UInt128 Value(NpgsqlDataReader row, int column)
    {
        Span<byte> bytes = stackalloc byte[16];
        row.GetGuid(column).TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
