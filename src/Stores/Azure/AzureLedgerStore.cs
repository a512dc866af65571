namespace NumberLedger.Stores;

/// <summary>The store of clusters on Azure: any number of processes, the tables of one storage account.</summary>
/// <remarks>
/// Nothing is kept in memory: every head is read from the primary location, which is strongly consistent. Rows,
/// deadlines, limits and what the account must be: docs/reference/store-azure.md.
/// </remarks>
public sealed class AzureLedgerStore : ILedgerStore, IClaimStore, IStateStore, ISnapshotStore, IAsyncDisposable
{
    private readonly AzureTables _tables;
    private readonly StoreHealth _health = new();
    private readonly AzureWriter _writer;
    private readonly AzureReader _reader;
    private readonly AzureClaims _claims;
    private readonly AzureSnapshots _snapshots;
    private readonly AzureStates _states;

    private AzureLedgerStore(AzureTables tables, AzureDeadlines deadlines)
    {
        _tables = tables;
        _writer = new AzureWriter(tables.Ledger, deadlines);
        _reader = new AzureReader(tables.Ledger, tables.Heads);
        _claims = new AzureClaims(tables.Claims);
        _snapshots = new AzureSnapshots(tables.Ledger);
        _states = new AzureStates(tables.States);
        Files = new PartedFileStore(new AzureFiles(tables.Files));
    }

    public string? Degraded => _health.Degraded;

    /// <summary>For people, without a secret.</summary>
    public string Place => $"Azure Tables, {_tables.Ledger.AccountName}/{_tables.Ledger.Name}";

    /// <summary>In the same account.</summary>
    public IFileStore Files { get; }

    public int EntriesMax => AzureLimits.EntriesPerAppend;

    /// <summary>Whether a setting names an account of Azure: a connection string of one, or a URL.</summary>
    public static bool IsNamedBy(string store) => AzureTables.IsNamedBy(store);

    /// <summary>Connects, and makes the tables if they are not there.</summary>
    /// <param name="store">
    /// A connection string of a storage account, or its URL for an identity of Azure; with <c>;Tables=NAME</c> at its
    /// end, what the names of the tables begin with.
    /// </param>
    /// <param name="master">Entries come sealed; it is only compared with that of the ledger that is there.</param>
    /// <exception cref="StoreUnavailableException">
    /// The account cannot be reached or is none that can be used, or holds a newer release's tables, or a ledger of
    /// another master key.
    /// </exception>
    public static Task<AzureLedgerStore> OpenAsync(string store, MasterKey master) =>
        OpenAsync(store, master, AzureDeadlines.Default);

    internal static async Task<AzureLedgerStore> OpenAsync(string store, MasterKey master, AzureDeadlines deadlines) =>
        new(await AzureTables.OpenAsync(store, master, deadlines), deadlines);

    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        AppendShape.Check(append);
        AzureLimits.Check(append);
        _health.ThrowIfDegraded();
        return GuardAsync(_writer.AppendAsync(append, cancellationToken), cancellationToken);
    }

    public async ValueTask<BlockHead[]> ReadHeadsAsync(
        IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken)
    {
        _health.ThrowIfDegraded();
        return await GuardAsync(_reader.ReadHeadsAsync(blocks, cancellationToken), cancellationToken);
    }

    public Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
        NumberBlock block, long afterPosition, int countMax, CancellationToken cancellationToken) =>
        GuardAsync(_reader.ReadBlockAsync(block, afterPosition, countMax, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(
        NumberBlock block, IReadOnlyList<Pseudonym> tags, CancellationToken cancellationToken) =>
        GuardAsync(_reader.ReadTagsAsync(block, tags, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken) =>
        GuardAsync(_reader.ReadBlocksAsync(from, countMax, cancellationToken), cancellationToken);

    public Task<SnapshotPage> ReadSnapshotsAsync(
        IReadOnlyList<NumberBlock> blocks, long bytesMax, CancellationToken cancellationToken) =>
        GuardAsync(_snapshots.ReadAsync(blocks, bytesMax, cancellationToken), cancellationToken);

    public Task SaveSnapshotAsync(NumberBlock block, StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        GuardAsync(DoneAsync(_snapshots.SaveAsync(block, snapshot, cancellationToken)), cancellationToken);

    public Task<Claim> ClaimAsync(Claim claim, CancellationToken cancellationToken)
    {
        _health.ThrowIfDegraded();
        return GuardAsync(_claims.ClaimAsync(claim, cancellationToken), cancellationToken);
    }

    public Task AnswerAsync(UInt128 id, ClaimAnswer answer, CancellationToken cancellationToken)
    {
        _health.ThrowIfDegraded();
        return GuardAsync(DoneAsync(_claims.AnswerAsync(id, answer, cancellationToken)), cancellationToken);
    }

    public Task<IReadOnlyList<StateVersion>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StoredNames.CheckPrefix(prefix);
        return GuardAsync(_states.ListAsync(prefix, cancellationToken), cancellationToken);
    }

    public Task<StoredState?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name);
        return GuardAsync(_states.ReadAsync(name, cancellationToken), cancellationToken);
    }

    public async Task<string?> SaveAsync(
        string name, ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name, content);
        _health.ThrowIfDegraded();
        string version = StoredNames.DrawVersion();
        return await GuardAsync(
            _states.SaveAsync(name, version, content, expected, cancellationToken), cancellationToken)
            ? version
            : null;
    }

    public async Task<bool> DeleteAsync(string name, string expected, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name);
        _health.ThrowIfDegraded();
        return await GuardAsync(_states.DeleteAsync(name, expected, cancellationToken), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _tables.Dispose();
    }

    private static async Task<bool> DoneAsync(Task call)
    {
        await call;
        return true;
    }

    private async Task<T> GuardAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call;
        }
        catch (BrokenLedgerException broken)
        {
            _health.Degrade($"The store lost entries. {broken.Message}");
            throw;
        }
        catch (Exception failed) when (AzureFaults.IsOne(failed))
        {
            // The library may tell it as a failure of several tries.
            cancellationToken.ThrowIfCancellationRequested();
            throw AzureFaults.Translate(failed);
        }
    }
}
