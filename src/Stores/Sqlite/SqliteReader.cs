using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores;

/// <summary>One reading connection with its statements. One thread at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    private const string Columns = "seq, tag, version, salt, sealed, hash, cmd";

    /// <summary>
    /// Looking a tag up costs as much as passing over so many entries of the index. A bulk write asks for thousands of
    /// tags, of which most are new: then one pass over the block's index tells which are there.
    /// </summary>
    private const int EntriesPerLookUp = 4;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _end;
    private readonly SqliteStatement _readBlock;
    private readonly SqliteStatement _readTag;
    private readonly SqliteStatement _readTagsPresent;
    private readonly SqliteStatement _readBlocks;
    private readonly SqliteStatement _readSnapshot;
    private readonly SqliteStatement _listStates;
    private readonly SqliteStatement _readState;

    public SqliteReader(SqliteConnection connection)
    {
        _connection = connection;
        _begin = new(connection, "BEGIN");
        _end = new(connection, "COMMIT");
        _readBlock = new(connection,
            $"SELECT {Columns} FROM events WHERE block = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4");
        // By name: SQLite would rather look through the whole block than fetch the rows of a tag.
        _readTag = new(connection,
            $"SELECT {Columns} FROM events INDEXED BY events_tv "
            + "WHERE block = ?1 AND tag = ?2 AND seq <= ?3 ORDER BY version");
        _readTagsPresent = new(connection, "SELECT tag FROM events INDEXED BY events_tv WHERE block = ?1");
        _readBlocks = new(connection, "SELECT block FROM heads WHERE block >= ?1 ORDER BY block LIMIT ?2");
        _readSnapshot = new(connection, "SELECT seq, hash, sealed FROM snapshots WHERE block = ?1");
        _listStates = new(connection, "SELECT name, version FROM states WHERE name >= ?1 AND name < ?2");
        _readState = new(connection, "SELECT version, content FROM states WHERE name = ?1");
    }

    /// <param name="upTo">The block's head: a later entry is not yet anybody's business.</param>
    public List<StoredEntry> ReadBlock(NumberBlock block, long after, BlockHead upTo, int countMax)
    {
        var entries = new List<StoredEntry>((int)Math.Min(upTo.Position - after, countMax));
        _readBlock.Bind(1, block.Key).Bind(2, after).Bind(3, upTo.Position).Bind(4, countMax);
        while (_readBlock.Step()) entries.Add(EntryOf(_readBlock));

        long position = after;
        foreach (StoredEntry entry in entries)
        {
            if (entry.Position != ++position) throw Missing(block, position);
        }

        if (entries.Count < countMax && position < upTo.Position) throw Missing(block, position + 1);
        return entries;
    }

    public List<StoredEntry> ReadTags(NumberBlock block, IReadOnlyList<Pseudonym> tags, BlockHead upTo)
    {
        var entries = new List<StoredEntry>();
        _begin.Run();
        try
        {
            HashSet<Pseudonym>? present =
                upTo.Position < (long)tags.Count * EntriesPerLookUp ? ReadTagsPresent(block) : null;
            foreach (Pseudonym tag in tags)
            {
                if (present?.Contains(tag) ?? true) ReadTag(block, tag, upTo, entries);
            }
        }
        finally
        {
            _end.Run();
        }

        return entries;
    }

    public List<NumberBlock> ReadBlocks(NumberBlock from, int countMax)
    {
        var blocks = new List<NumberBlock>();
        _readBlocks.Bind(1, from.Key).Bind(2, countMax);
        while (_readBlocks.Step()) blocks.Add(new NumberBlock(_readBlocks.Int64(0)));
        return blocks;
    }

    /// <summary>Without those whose rows nothing writes: they are made anew.</summary>
    public SnapshotPage ReadSnapshots(IReadOnlyList<NumberBlock> blocks, long bytesMax)
    {
        var found = new List<(NumberBlock, StoredSnapshot)>();
        int read = 0;
        for (long bytes = 0; read < blocks.Count && bytes < bytesMax; read++)
        {
            _readSnapshot.Bind(1, blocks[read].Key);
            if (!_readSnapshot.Step()) continue;

            if (_readSnapshot.Bytes(1) is { Length: Hash256.Size } hash)
            {
                byte[] snapshot = _readSnapshot.Bytes(2);
                found.Add((blocks[read], new(_readSnapshot.Int64(0), Hash256.Read(hash), snapshot)));
                bytes += snapshot.Length;
            }

            _readSnapshot.Reset();
        }

        return new SnapshotPage(found, read);
    }

    public List<StateVersion> ListStates(string prefix)
    {
        var states = new List<StateVersion>();
        _listStates.Bind(1, prefix).Bind(2, prefix + StoredNames.BehindAll);
        while (_listStates.Step()) states.Add(new(_listStates.Text(0), _listStates.Text(1)));
        return states;
    }

    public StoredState? ReadState(string name)
    {
        if (!_readState.Bind(1, name).Step()) return null;

        var state = new StoredState(_readState.Text(0), _readState.Bytes(1));
        _readState.Reset();
        return state;
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in (SqliteStatement[])
            [
                _begin, _end, _readBlock, _readTag, _readTagsPresent, _readBlocks, _readSnapshot, _listStates,
                _readState,
            ])
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private HashSet<Pseudonym> ReadTagsPresent(NumberBlock block)
    {
        var present = new HashSet<Pseudonym>();
        _readTagsPresent.Bind(1, block.Key);
        while (_readTagsPresent.Step()) present.Add(_readTagsPresent.Tag(0));
        return present;
    }

    private void ReadTag(NumberBlock block, Pseudonym tag, BlockHead upTo, List<StoredEntry> entries)
    {
        long version = 0;
        _readTag.Bind(1, block.Key).Bind(2, tag).Bind(3, upTo.Position);
        while (_readTag.Step())
        {
            StoredEntry entry = EntryOf(_readTag);
            if (entry.Version != ++version)
            {
                _readTag.Reset();
                throw new BrokenLedgerException(
                    block, entry.Position, $"version {version} of its tag is missing before it.");
            }

            entries.Add(entry);
        }
    }

    private static StoredEntry EntryOf(SqliteStatement row) => new(
        Position: row.Int64(0), Tag: row.Tag(1), Version: row.Int64(2), Salt: row.IsNull(3) ? null : row.Bytes(3),
        Sealed: row.Bytes(4), Hash: row.Hash(5), Command: row.IsNull(6) ? null : row.Command(6));

    private static BrokenLedgerException Missing(NumberBlock block, long position) =>
        new(block, position, "it is missing in the store.");
}
