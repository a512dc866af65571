namespace NumberLedger.Stores.Tests;

public sealed class InMemoryLedgerStoreTests() : LedgerStoreContract(new InMemoryPlace());

public sealed class InMemoryClaimStoreTests() : ClaimStoreContract(new InMemoryPlace());

public sealed class InMemorySnapshotStoreTests() : SnapshotStoreContract(new InMemoryPlace());

internal sealed class InMemoryPlace : StorePlace
{
    private readonly InMemoryLedgerStore _store = new();

    public override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(_store);
    public override ValueTask CloseAsync(ILedgerStore store) => ValueTask.CompletedTask;
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
