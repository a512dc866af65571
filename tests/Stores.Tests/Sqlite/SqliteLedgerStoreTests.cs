namespace NumberLedger.Stores.Tests;

public sealed class SqliteLedgerStoreTests() : LedgerStoreContract(new SqlitePlace());

public sealed class SqliteClaimStoreTests() : ClaimStoreContract(new SqlitePlace());

public sealed class SqliteStateStoreTests() : StateStoreContract(new SqlitePlace());

public sealed class SqliteSnapshotStoreTests() : SnapshotStoreContract(new SqlitePlace());

internal sealed class SqlitePlace : StorePlace
{
    private readonly TemporaryFolder _folder = new();

    public override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(_folder.OpenStore());
    public override ValueTask CloseAsync(ILedgerStore store) => ((SqliteLedgerStore)store).DisposeAsync();

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
