using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores;

/// <summary>The head of every block, in memory: right, because this process alone writes the file.</summary>
/// <remarks>
/// Moved by the writer's thread alone, after a commit returned and before its appends are acknowledged; read by
/// anyone. Whoever reads entries reads up to the head found here, so that no entry is seen before its head is.
/// </remarks>
internal sealed class Heads
{
    private readonly ConcurrentDictionary<NumberBlock, BlockHead> _heads = new();

    public int Count => _heads.Count;

    public IReadOnlyCollection<KeyValuePair<NumberBlock, BlockHead>> All => _heads;

    public BlockHead this[NumberBlock block]
    {
        get => _heads.TryGetValue(block, out BlockHead head) ? head : default;
        set
        {
            if (value.Position == 0) _heads.TryRemove(block, out _);
            else _heads[block] = value;
        }
    }

    public static Heads Load(SqliteConnection connection)
    {
        var heads = new Heads();
        using var all = new SqliteStatement(connection, "SELECT block, seq, hash, at FROM heads");
        while (all.Step()) heads[new NumberBlock(all.Int64(0))] = HeadOf(all, 1);
        return heads;
    }

    /// <summary>A head from three columns in a row: seq, hash, at.</summary>
    public static BlockHead HeadOf(SqliteStatement row, int column) => new(
        row.Int64(column), row.Hash(column + 1), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(column + 2)));
}
