using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NumberLedger.Faults.Tests;

/// <summary>What somebody may do with SQL: to one row or two of entries or heads.</summary>
internal static class RowTampering
{
    private static readonly string[] Numbers = ["seq", "version", "block"], Blobs = ["tag", "salt", "sealed", "hash", "cmd"];

    /// <returns>What was done; null if the database refused it.</returns>
    public static string? Apply(string database, Random random)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        connection.CreateFunction("flip", (byte[] bytes, long at) => Flipped(bytes, at), isDeterministic: true);
        (long Block, long Seq)[] rows = [.. Read(connection, "SELECT block, seq FROM events ORDER BY block, seq")];
        (long block, long seq) = rows[random.Next(rows.Length)];
        (long otherBlock, long otherSeq) = rows[random.Next(rows.Length)];
        string one = $"block = {block} AND seq = {seq}", other = $"block = {otherBlock} AND seq = {otherSeq}";
        string blob = Blobs[random.Next(Blobs.Length)], number = Numbers[random.Next(Numbers.Length)];
        int at = random.Next(10_000), by = random.Next(2) == 0 ? 1 : -1;
        string sql = random.Next(12) switch
        {
            0 or 1 => $"UPDATE events SET {blob} = flip({blob}, {at}) WHERE {one} AND {blob} IS NOT NULL",
            2 => $"UPDATE events SET {blob} = substr({blob}, 1, length({blob}) - {1 + (at % 4)}) WHERE {one}",
            3 => $"UPDATE events SET {number} = {number} + {by} WHERE {one}",
            4 => $"DELETE FROM events WHERE {one}",
            5 => $"DELETE FROM events WHERE block = {block} AND seq >= {seq}",
            6 => $"UPDATE events SET {blob} = (SELECT {blob} FROM events WHERE {other}) WHERE {one}",
            7 => string.Join(
                ';', $"UPDATE events SET seq = -seq WHERE {one}",
                $"UPDATE events SET seq = {seq} WHERE block = {block} AND seq = {otherSeq}",
                $"UPDATE events SET seq = {otherSeq} WHERE block = {block} AND seq = {-seq}"),
            8 => $"UPDATE heads SET hash = flip(hash, {at}) WHERE block = {block}",
            9 => $"UPDATE heads SET {(at % 2 == 0 ? "seq = seq" : "at = at")} + {by} WHERE block = {block}",
            10 => $"DELETE FROM heads WHERE block = {block}",
            // As if the last entries had never been.
            _ => string.Join(
                ';', $"DELETE FROM events WHERE block = {block} AND seq > {seq}",
                $"UPDATE heads SET seq = {seq}, hash = (SELECT hash FROM events WHERE {one}) WHERE block = {block}"),
        };
        try
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = sql;
            int changed = command.ExecuteNonQuery();
            transaction.Commit();
            return changed == 0 ? null : sql;
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    private static byte[] Flipped(byte[] bytes, long at)
    {
        if (bytes.Length > 0) bytes[at / 8 % bytes.Length] ^= (byte)(1 << (int)(at % 8));
        return bytes;
    }

    private static List<(long, long)> Read(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<(long, long)>();
        while (reader.Read()) rows.Add((reader.GetInt64(0), reader.GetInt64(1)));
        return rows;
    }
}
