using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NumberLedger.Stores;

/// <summary>The default store: one process, one file, nothing to install.</summary>
/// <remarks>
/// Writes go through one thread (<see cref="SqliteWriter"/> tells the life of an append), reads through a few
/// connections beside it, heads come from memory. Files, schema and limits: docs/reference/store-sqlite.md.
/// </remarks>
public sealed class SqliteLedgerStore : ILedgerStore, IClaimStore, IAsyncDisposable
{
    /// <summary>Reads at the same time. They are short, and mostly served by the operating system's cache.</summary>
    private const int ReadersMax = 4;

    private readonly DataFolder _folder;
    private readonly StoreHealth _health = new();
    private readonly Heads _heads;
    private readonly ReaderPool _readers;
    private int _closed;

    private SqliteLedgerStore(DataFolder folder, SqliteConnection connection)
    {
        _folder = folder;
        Connection = connection;
        _heads = Heads.Load(connection);
        Writer = new SqliteWriter(connection, _heads, _health);
        _readers = new ReaderPool(ReadersMax, () => new SqliteReader(SqliteConnections.OpenReader(folder)));
    }

    public string? Degraded => _health.Degraded;

    internal SqliteConnection Connection { get; }

    internal SqliteWriter Writer { get; }

    /// <summary>Opens the store in a folder, which is made if missing, and held until the store is disposed.</summary>
    /// <param name="master">Signs the checkpoint; entries come sealed.</param>
    /// <exception cref="StoreUnavailableException">
    /// The folder is in use or cannot be used, or the file is no database of this release.
    /// </exception>
    public static SqliteLedgerStore Open(string folder, MasterKey master)
    {
        ArgumentNullException.ThrowIfNull(master);
        DataFolder held = DataFolder.Hold(folder);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnections.OpenWriter(held);
            SqliteSchema.Migrate(connection);
            return new SqliteLedgerStore(held, connection);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            held.Dispose();
            if (e is SqliteException) throw new StoreUnavailableException($"'{held.Database}' does not open: {e.Message}", e);
            throw;
        }
    }

    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        AppendShape.Check(append);
        _health.ThrowIfDegraded();
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
        return upTo.Position == 0 ? [] : await ReadAsync(reader => reader.ReadTags(block, tags, upTo), cancellationToken);
    }

    public async Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken) =>
        await ReadAsync(reader => reader.ReadBlocks(from, countMax), cancellationToken);

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

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1) return;

        await Task.Run(() =>
        {
            Writer.Dispose();
            _readers.Dispose();
            Connection.Dispose(); // The last connection: SQLite copies the whole log into the file, and removes it.
            _folder.Dispose();
        });
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
