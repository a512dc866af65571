using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NumberLedger.Stores;

/// <summary>The default store: one process, one file, nothing to install.</summary>
/// <remarks>
/// Writes go through one thread (<see cref="SqliteWriter"/> tells the life of an append), reads through a few
/// connections beside it, heads come from memory. Files, schema and limits: docs/reference/store-sqlite.md.
/// </remarks>
public sealed class SqliteLedgerStore : IBackupStore, IClaimStore, IStateStore, ISnapshotStore, IAsyncDisposable
{
    /// <summary>Reads at the same time. They are short, and mostly served by the operating system's cache.</summary>
    private const int ReadersMax = 4;

    private readonly DataFolder _folder;
    private readonly UInt128 _ledgerId;
    private readonly SqliteConnection _connection;
    private readonly StoreHealth _health;
    private readonly Heads _heads;
    private readonly SqliteWriter? _writer; // None if the store was opened degraded.
    private readonly ReaderPool _readers;
    private int _closed;

    private SqliteLedgerStore(
        DataFolder folder, byte[] ledgerId, SqliteConnection connection, StoreHealth health, Heads heads,
        SqliteWriter? writer)
    {
        _folder = folder;
        _ledgerId = BinaryPrimitives.ReadUInt128BigEndian(ledgerId);
        _connection = connection;
        _health = health;
        _heads = heads;
        _writer = writer;
        _readers = new ReaderPool(ReadersMax, () => new SqliteReader(SqliteConnections.OpenReader(folder)));
    }

    public string? Degraded => _health.Degraded;

    public bool HeadsInMemory => true;

    /// <summary>
    /// Where the ledger was copied to, and when, as a sentence: what was recorded there since is missing here, so this
    /// is not to be served. Null: it is the ledger. As of the opening.
    /// </summary>
    public string? Moved { get; private init; }

    internal SqliteConnection Connection => _connection;

    internal SqliteWriter Writer
    {
        get
        {
            _health.ThrowIfDegraded();
            return _writer!;
        }
    }

    /// <summary>Opens the store in a folder, which is made if missing, and held until the store is disposed.</summary>
    /// <remarks>A store that lost what its checkpoint remembers opens all the same, <see cref="Degraded"/>.</remarks>
    /// <param name="master">Signs the checkpoint; entries come sealed.</param>
    /// <exception cref="StoreUnavailableException">
    /// The folder is in use or cannot be used, or the file is no database of this release.
    /// </exception>
    public static SqliteLedgerStore Open(string folder, MasterKey master) =>
        Open(folder, master, Checkpoint.WaitDefault);

    /// <summary>The same in a folder that is held already, and from now on is the store's to release.</summary>
    /// <exception cref="StoreUnavailableException">
    /// The file cannot be used, or is no database of this release. The folder stays the caller's.
    /// </exception>
    public static SqliteLedgerStore Open(DataFolder folder, MasterKey master) =>
        Open(folder, master, Checkpoint.WaitDefault);

    /// <summary>
    /// Accepts what a degraded store still holds, or one that the ledger moved out of, as the whole truth: an
    /// operator's decision, after which nothing shows the loss but the old checkpoint, kept as
    /// "ledger.checkpoint.refused". The store must be closed.
    /// </summary>
    /// <returns>What it was not to be believed for; null: nothing was lost, and nothing was changed.</returns>
    public static string? AcceptLoss(string folder, MasterKey master)
    {
        using DataFolder held = DataFolder.Hold(folder);
        return Guarded(held, connection =>
        {
            var heads = Heads.Load(connection);
            var key = new CheckpointKey(master, SqliteSchema.LedgerIdOf(connection));
            CheckpointReading remembered = CheckpointReading.Read(held.Checkpoint, key);
            string? moved = SqliteSchema.MovedOf(connection);
            string? reason = CheckpointComparison.ReasonToDoubt(remembered, heads, connection);
            if (reason is not null)
            {
                // One of later than what is left would say for ever that the store went back.
                SqliteConnections.Execute(connection, "DELETE FROM snapshots");
                if (remembered.Exists) File.Move(held.Checkpoint, held.Checkpoint + ".refused", overwrite: true);
                new Checkpoint(held.Checkpoint, key, heads, lastBatch: 0, TimeSpan.Zero, TimeProvider.System).Dispose();
            }

            if (moved is not null) SqliteConnections.Execute(connection, "DELETE FROM meta WHERE key = 'moved'");
            connection.Dispose();
            return moved is null || reason is null ? moved ?? reason : $"{moved} {reason}";
        });
    }

    /// <summary>
    /// Deletes all snapshots: they are derived, and made anew as blocks are asked. The store must be closed.
    /// </summary>
    /// <returns>How many there were.</returns>
    public static int DropSnapshots(string folder)
    {
        using DataFolder held = DataFolder.Hold(folder);
        return Guarded(held, connection =>
        {
            using (connection) return SqliteConnections.Execute(connection, "DELETE FROM snapshots");
        });
    }

    internal static SqliteLedgerStore Open(string folder, MasterKey master, TimeSpan checkpointWait)
    {
        var held = DataFolder.Hold(folder);
        try
        {
            return Open(held, master, checkpointWait);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static SqliteLedgerStore Open(DataFolder folder, MasterKey master, TimeSpan checkpointWait)
    {
        ArgumentNullException.ThrowIfNull(master);
        return Guarded(folder, connection => Open(folder, connection, master, checkpointWait));
    }

    private static SqliteLedgerStore Open(
        DataFolder folder, SqliteConnection connection, MasterKey master, TimeSpan checkpointWait)
    {
        var health = new StoreHealth();
        var heads = Heads.Load(connection);
        var key = new CheckpointKey(master, SqliteSchema.LedgerIdOf(connection));
        CheckpointReading remembered = CheckpointReading.Read(folder.Checkpoint, key);
        string? moved = SqliteSchema.MovedOf(connection);
        if (CheckpointComparison.ReasonToDoubt(remembered, heads, connection) is { } reason)
        {
            health.Degrade(reason); // The checkpoint stays as it is: it knows what is missing.
            return new SqliteLedgerStore(folder, key.LedgerId, connection, health, heads, writer: null)
            {
                Moved = moved,
            };
        }

        var checkpoint = new Checkpoint(
            folder.Checkpoint, key, heads, remembered.LastBatch, checkpointWait, TimeProvider.System);
        return new SqliteLedgerStore(
            folder, key.LedgerId, connection, health, heads, new SqliteWriter(connection, heads, health, checkpoint))
        {
            Moved = moved,
        };
    }

    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        AppendShape.Check(append);
        return Writer.WriteAsync(append.Entries.Count, transaction => transaction.Append(append), cancellationToken);
    }

    public ValueTask<BlockHead[]> ReadHeadsAsync(IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        _health.ThrowIfDegraded();

        var heads = new BlockHead[blocks.Count];
        for (int i = 0; i < heads.Length; i++) heads[i] = _heads[blocks[i]];
        return ValueTask.FromResult(heads);
    }

    public async Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
        NumberBlock block, long afterPosition, int countMax, CancellationToken cancellationToken)
    {
        BlockHead upTo = _heads[block];
        return upTo.Position <= afterPosition || countMax <= 0
            ? []
            : await ReadAsync(reader => reader.ReadBlock(block, afterPosition, upTo, countMax), cancellationToken);
    }

    public async Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(
        NumberBlock block, IReadOnlyList<Pseudonym> tags, CancellationToken cancellationToken)
    {
        BlockHead upTo = _heads[block];
        return upTo.Position == 0
            ? []
            : await ReadAsync(reader => reader.ReadTags(block, tags, upTo), cancellationToken);
    }

    public async Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken) =>
        await ReadAsync(reader => reader.ReadBlocks(from, countMax), cancellationToken);

    public async Task<SnapshotPage> ReadSnapshotsAsync(
        IReadOnlyList<NumberBlock> blocks, long bytesMax, CancellationToken cancellationToken) =>
        await ReadAsync(reader => reader.ReadSnapshots(blocks, bytesMax), cancellationToken);

    public async Task<BackupMoment> ReadMomentAsync(CancellationToken cancellationToken)
    {
        // Nothing but the writer's thread moves heads, and never while it does something else.
        KeyValuePair<NumberBlock, BlockHead>[] heads =
            await Writer.WriteLaterAsync(_ => _heads.All.ToArray(), cancellationToken);
        Array.Sort(heads, (one, other) => one.Key.CompareTo(other.Key));
        return new BackupMoment(_ledgerId, heads);
    }

    public Task SaveSnapshotAsync(NumberBlock block, StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        Writer.WriteLaterAsync(
            transaction =>
            {
                transaction.SaveSnapshot(block, snapshot);
                return true;
            },
            cancellationToken);

    public Task<Claim> ClaimAsync(Claim claim, CancellationToken cancellationToken) =>
        Writer.WriteAsync(weight: 1, transaction => transaction.Claims.FindOrInsert(claim), cancellationToken);

    public Task AnswerAsync(UInt128 id, ClaimAnswer answer, CancellationToken cancellationToken) =>
        Writer.WriteAsync(
            weight: 1,
            transaction =>
            {
                transaction.Claims.Answer(id, answer);
                return true;
            },
            cancellationToken);

    public async Task<IReadOnlyList<StateVersion>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StoredNames.CheckPrefix(prefix);
        return await ReadAsync(reader => reader.ListStates(prefix), cancellationToken);
    }

    public Task<StoredState?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name);
        return ReadAsync(reader => reader.ReadState(name), cancellationToken);
    }

    public async Task<string?> SaveAsync(
        string name, ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name, content);
        string version = StoredNames.DrawVersion();
        return await Writer.WriteAsync(
            weight: 1, transaction => transaction.States.Save(name, version, content, expected), cancellationToken)
            ? version
            : null;
    }

    public async Task<bool> DeleteAsync(string name, string expected, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name);
        return await Writer.WriteAsync(
            weight: 1, transaction => transaction.States.Delete(name, expected), cancellationToken);
    }

    /// <summary>From the next opening on <see cref="Moved"/> tells it, until the loss is accepted.</summary>
    /// <param name="to">Where, and when: for people, without a secret.</param>
    public Task MarkMovedAsync(string to, CancellationToken cancellationToken) => Writer.WriteAsync(
        weight: 1,
        _ =>
        {
            SqliteSchema.SetMoved(_connection, to);
            return true;
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1) return;

        await Task.Run(() =>
        {
            try
            {
                _writer?.Dispose();
            }
            finally
            {
                _readers.Dispose();
                // The last connection: SQLite copies the whole log into the file, and removes it.
                _connection.Dispose();
                _folder.Dispose();
            }
        });
    }

    private static T Guarded<T>(DataFolder folder, Func<SqliteConnection, T> open)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnections.OpenWriter(folder);
            SqliteSchema.Migrate(connection);
            return open(connection);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (e is StoreUnavailableException) throw;
            throw new StoreUnavailableException($"The store in '{folder.Path}' does not open: {e.Message}", e);
        }
    }

    private async Task<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        try
        {
            return await _readers.ReadAsync(read, cancellationToken);
        }
        catch (BrokenLedgerException e)
        {
            _health.Degrade($"The store lost entries. {e.Message}");
            throw;
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException)
        {
            if (e is not SqliteException { SqliteErrorCode: not (raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB) })
            {
                _health.Degrade($"The database file is damaged: {e.Message}");
            }

            throw new StoreUnavailableException($"The store cannot be read: {e.Message}", e);
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed == 1) throw new StoreUnavailableException("The store is closed.");
    }
}
