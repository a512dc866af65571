using Npgsql;

namespace NumberLedger.Stores;

/// <summary>The store of clusters: any number of processes, one primary.</summary>
/// <remarks>
/// Nothing is kept in memory: every head is read from the server. Schema, deadlines and what the server must be set to:
/// docs/reference/store-postgres.md.
/// </remarks>
public sealed class PostgresLedgerStore : ILedgerStore, IClaimStore, IStateStore, ISnapshotStore, IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _headsSource;
    private readonly TimeSpan _deadline;
    private readonly StoreHealth _health = new();
    private readonly PostgresWriter _writer;
    private readonly PostgresReader _reader;
    private readonly PostgresClaims _claims;
    private readonly PostgresSnapshots _snapshots;
    private readonly PostgresStates _states;

    private PostgresLedgerStore(NpgsqlDataSource source, NpgsqlDataSource headsSource, TimeSpan deadline)
    {
        (_source, _headsSource, _deadline) = (source, headsSource, deadline);
        _writer = new PostgresWriter(source, deadline);
        _reader = new PostgresReader(source, headsSource);
        _claims = new PostgresClaims(source);
        _snapshots = new PostgresSnapshots(source);
        _states = new PostgresStates(source);
        Files = new PartedFileStore(new PostgresFiles(source, deadline));
    }

    public string? Degraded => _health.Degraded;

    /// <summary>For people, without a secret.</summary>
    public string Place
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(_source.ConnectionString);
            return $"PostgreSQL, {settings.Host}/{settings.Database ?? settings.Username}";
        }
    }

    /// <summary>In the same database.</summary>
    public IFileStore Files { get; }

    /// <summary>Connects, looks at the server's settings, and makes or migrates the tables.</summary>
    /// <param name="connectionString">Npgsql's own; the schema is its search path, "numberledger" without one.</param>
    /// <param name="master">Entries come sealed; it is only compared with that of the ledger that is there.</param>
    /// <exception cref="StoreUnavailableException">
    /// The server cannot be reached, is a standby, may lose what it acknowledged, or holds a newer release's tables, or
    /// a ledger of another master key.
    /// </exception>
    public static async Task<PostgresLedgerStore> OpenAsync(string connectionString, MasterKey master)
    {
        (NpgsqlDataSource source, string schema) = PostgresSource.Build(connectionString);
        await using NpgsqlDataSource forMigration = source;
        try
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            await PostgresSchema.MigrateAsync(connection, schema, master);
        }
        catch (Exception failed) when (PostgresFaults.IsOne(failed, CancellationToken.None))
        {
            throw PostgresFaults.Translate(failed);
        }

        return new PostgresLedgerStore(
            PostgresSource.BuildToServe(connectionString),
            PostgresSource.BuildToServe(connectionString, forHeads: true),
            PostgresSource.DeadlineOf(connectionString));
    }

    public async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        AppendShape.Check(append);
        _health.ThrowIfDegraded();
        return await _writer.AppendAsync(append, cancellationToken);
    }

    public async ValueTask<BlockHead[]> ReadHeadsAsync(
        IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken)
    {
        _health.ThrowIfDegraded();
        return await GuardAsync(token => _reader.ReadHeadsAsync(blocks, token), cancellationToken);
    }

    public Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
        NumberBlock block, long afterPosition, int countMax, CancellationToken cancellationToken) =>
        GuardAsync(token => _reader.ReadBlockAsync(block, afterPosition, countMax, token), cancellationToken);

    public Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(
        NumberBlock block, IReadOnlyList<Pseudonym> tags, CancellationToken cancellationToken) =>
        GuardAsync(token => _reader.ReadTagsAsync(block, tags, token), cancellationToken);

    public Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken) =>
        GuardAsync(token => _reader.ReadBlocksAsync(from, countMax, token), cancellationToken);

    public Task<SnapshotPage> ReadSnapshotsAsync(
        IReadOnlyList<NumberBlock> blocks, long bytesMax, CancellationToken cancellationToken) =>
        GuardAsync(token => _snapshots.ReadAsync(blocks, bytesMax, token), cancellationToken);

    public Task SaveSnapshotAsync(NumberBlock block, StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        GuardAsync(token => _snapshots.SaveAsync(block, snapshot, token), cancellationToken);

    public Task<Claim> ClaimAsync(Claim claim, CancellationToken cancellationToken)
    {
        _health.ThrowIfDegraded();
        return GuardAsync(token => _claims.ClaimAsync(claim, token), cancellationToken);
    }

    public Task AnswerAsync(UInt128 id, ClaimAnswer answer, CancellationToken cancellationToken)
    {
        _health.ThrowIfDegraded();
        return GuardAsync(token => _claims.AnswerAsync(id, answer, token), cancellationToken);
    }

    public Task<IReadOnlyList<StateVersion>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StoredNames.CheckPrefix(prefix);
        return GuardAsync(token => _states.ListAsync(prefix, token), cancellationToken);
    }

    public Task<StoredState?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name);
        return GuardAsync(token => _states.ReadAsync(name, token), cancellationToken);
    }

    public async Task<string?> SaveAsync(
        string name, ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name, content);
        _health.ThrowIfDegraded();
        string version = StoredNames.DrawVersion();
        return await GuardAsync(token => _states.SaveAsync(name, version, content, expected, token), cancellationToken)
            ? version
            : null;
    }

    public async Task<bool> DeleteAsync(string name, string expected, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name);
        _health.ThrowIfDegraded();
        return await GuardAsync(token => _states.DeleteAsync(name, expected, token), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _source.DisposeAsync();
        await _headsSource.DisposeAsync();
    }

    private async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var deadline = new PostgresDeadline(_deadline, cancellationToken);
        try
        {
            return await call(deadline.Token);
        }
        catch (BrokenLedgerException broken)
        {
            _health.Degrade($"The store lost entries. {broken.Message}");
            throw;
        }
        catch (Exception failed) when (PostgresFaults.IsOne(failed, cancellationToken))
        {
            throw PostgresFaults.Translate(failed);
        }
    }
}
