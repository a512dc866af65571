using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores;

/// <summary>
/// One group's transaction, as the writer's thread sees it: entries, heads, claims, states and snapshots, all or
/// nothing.
/// </summary>
/// <remarks>
/// Reused for every group, and with it the statements. Inside the transaction a block's head is the one in memory,
/// moved by the group's appends so far: nobody else can have moved it, and the primary key would refuse a wrong
/// position.
/// </remarks>
internal sealed class WriteTransaction : IDisposable
{
    // By name: SQLite would rather look through the whole block than fetch the rows of a tag.
    private const string KnowsCommand =
        "SELECT 1 FROM events INDEXED BY events_tv WHERE block = ?1 AND tag = ?2 AND cmd = ?3 LIMIT 1";

    /// <summary>The same in the registry's block, whose one tag has all of its entries.</summary>
    internal const string KnowsRegistryCommand =
        "SELECT 1 FROM events INDEXED BY events_registry_cmd WHERE block = 0 AND tag = ?2 AND cmd = ?3 LIMIT 1";

    private readonly Heads _heads;
    private readonly Dictionary<NumberBlock, BlockHead> _moved = [];
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _versionOf;
    private readonly SqliteStatement _knowsCommand;
    private readonly SqliteStatement _knowsRegistryCommand;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _takeBack;
    private readonly SqliteStatement _saveHead;
    private readonly SqliteSnapshots _snapshots;

    public WriteTransaction(SqliteConnection connection, Heads heads)
    {
        _heads = heads;
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _rollback = new(connection, "ROLLBACK");
        _versionOf = new(connection,
            "SELECT version FROM events WHERE block = ?1 AND tag = ?2 ORDER BY version DESC LIMIT 1");
        _knowsCommand = new(connection, KnowsCommand);
        _knowsRegistryCommand = new(connection, KnowsRegistryCommand);
        _insert = new(connection,
            "INSERT INTO events (block, seq, tag, version, salt, sealed, hash, cmd) " +
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (block, tag, version) DO NOTHING");
        _takeBack = new(connection, "DELETE FROM events WHERE block = ?1 AND seq > ?2");
        _saveHead = new(connection, "INSERT OR REPLACE INTO heads (block, seq, hash, at) VALUES (?1, ?2, ?3, ?4)");
        Claims = new SqliteClaims(connection);
        States = new SqliteStates(connection);
        _snapshots = new SqliteSnapshots(connection);
    }

    public SqliteClaims Claims { get; }

    public SqliteStates States { get; }

    /// <summary>The heads that this transaction moved, to be shown to others once it is durable.</summary>
    public IReadOnlyDictionary<NumberBlock, BlockHead> Moved => _moved;

    public void Begin()
    {
        _moved.Clear();
        _begin.Run();
    }

    /// <summary>
    /// Judges one append and writes it: what is refused leaves no trace, and fails nobody else.
    /// </summary>
    public AppendResult Append(Append append)
    {
        BlockHead before = HeadOf(append.Block);
        if (IsRepeated(append)) return new(AppendOutcome.Repeated, before);
        if (IsStale(append)) return new(AppendOutcome.Conflict, before);

        long position = before.Position;
        foreach (NewEntry entry in append.Entries)
        {
            if (TryInsert(append.Block, position + 1, entry))
            {
                position++;
                continue;
            }

            if (position > before.Position) _takeBack.Bind(1, append.Block.Key).Bind(2, before.Position).Run();
            return new(AppendOutcome.Conflict, before);
        }

        var head = new BlockHead(
            position, append.Entries[^1].Hash, Later(before.RecordedAt, append.RecordedAt));
        _moved[append.Block] = head;
        return new(AppendOutcome.Appended, head);
    }

    /// <summary>Judged like an append, by the block's head as of the transaction.</summary>
    public void SaveSnapshot(NumberBlock block, StoredSnapshot snapshot) =>
        _snapshots.Save(block, HeadOf(block), snapshot);

    /// <summary>The commit point: when it returns, the group is on the disk.</summary>
    public void Commit()
    {
        foreach ((NumberBlock block, BlockHead head) in _moved)
        {
            _saveHead.Bind(1, block.Key).Bind(2, head.Position).Bind(3, head.Hash)
                .Bind(4, head.RecordedAt.ToUnixTimeMilliseconds()).Run();
        }

        _commit.Run();
    }

    public void Rollback() => _rollback.Run();

    public void Dispose()
    {
        Claims.Dispose();
        States.Dispose();
        _snapshots.Dispose();
        foreach (SqliteStatement statement in (SqliteStatement[])
            [
                _begin, _commit, _rollback, _versionOf, _knowsCommand, _knowsRegistryCommand, _insert, _takeBack,
                _saveHead,
            ])
        {
            statement.Dispose();
        }
    }

    private BlockHead HeadOf(NumberBlock block) =>
        _moved.TryGetValue(block, out BlockHead head) ? head : _heads[block];

    private bool IsRepeated(Append append)
    {
        SqliteStatement knows = append.Block == NumberBlock.Registry ? _knowsRegistryCommand : _knowsCommand;
        foreach (NewEntry entry in append.Entries)
        {
            if (entry.Command is null) continue;

            knows.Bind(1, append.Block.Key).Bind(2, entry.Tag).Bind(3, entry.Command);
            if (knows.ReadInt64() is not null) return true;
        }

        return false;
    }

    /// <summary>
    /// Whether some tag is at another version; but not whether one is new that is to be: its first entry finds out by
    /// itself, since a version exists once. Most entries of a bulk write are such, and looking first costs as much
    /// again.
    /// </summary>
    private bool IsStale(Append append)
    {
        int begun = 0;
        foreach (NewEntry entry in append.Entries)
        {
            if (entry.Version == 1) begun++;
        }

        int expectedNew = 0;
        foreach (ExpectedVersion expected in append.Expected)
        {
            if (expected.Version == 0) expectedNew++;
        }

        foreach (ExpectedVersion expected in append.Expected)
        {
            if (expected.Version == 0 && begun == expectedNew) continue; // No new tag is only read.

            _versionOf.Bind(1, append.Block.Key).Bind(2, expected.Tag);
            if ((_versionOf.ReadInt64() ?? 0) != expected.Version) return true;
        }

        return false;
    }

    /// <returns>False: the tag has that version already; nothing was inserted.</returns>
    private bool TryInsert(NumberBlock block, long position, NewEntry entry)
    {
        _insert.Bind(1, block.Key).Bind(2, position).Bind(3, entry.Tag).Bind(4, entry.Version)
            .Bind(5, entry.Salt).Bind(6, entry.Sealed).Bind(7, entry.Hash).Bind(8, entry.Command).Run();
        return _insert.RowsChanged == 1;
    }

    // Whole milliseconds, as the column keeps them: memory and file must not differ.
    private static DateTimeOffset Later(DateTimeOffset before, DateTimeOffset recordedAt)
    {
        var whole = DateTimeOffset.FromUnixTimeMilliseconds(recordedAt.ToUnixTimeMilliseconds());
        return whole > before ? whole : before;
    }
}
