using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores;

/// <summary>Snapshots of blocks, inside the writer's transactions.</summary>
internal sealed class SqliteSnapshots : IDisposable
{
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _hashAt;
    private readonly SqliteStatement _save;

    public SqliteSnapshots(SqliteConnection connection)
    {
        _find = new(connection, "SELECT seq FROM snapshots WHERE block = ?1");
        _hashAt = new(connection, "SELECT hash FROM events WHERE block = ?1 AND seq = ?2");
        _save = new(
            connection, "INSERT OR REPLACE INTO snapshots (block, seq, hash, sealed) VALUES (?1, ?2, ?3, ?4)");
    }

    /// <param name="head">The block's, as of the transaction.</param>
    public void Save(NumberBlock block, BlockHead head, StoredSnapshot snapshot)
    {
        if (snapshot.Position > head.Position || HashAt(block, snapshot.Position) != snapshot.Hash) return;
        if (_find.Bind(1, block.Key).ReadInt64() > snapshot.Position) return;

        _save.Bind(1, block.Key).Bind(2, snapshot.Position).Bind(3, snapshot.Hash).Bind(4, snapshot.Sealed).Run();
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in (SqliteStatement[])[_find, _hashAt, _save]) statement.Dispose();
    }

    private Hash256? HashAt(NumberBlock block, long position)
    {
        if (!_hashAt.Bind(1, block.Key).Bind(2, position).Step()) return null;

        Hash256 hash = _hashAt.Hash(0);
        _hashAt.Reset();
        return hash;
    }
}
