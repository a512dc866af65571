namespace NumberLedger.Stores.Tests;

public sealed class InMemoryLedgerStoreTests : LedgerStoreContract
{
    private readonly InMemoryLedgerStore _store = new();

    protected override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(_store);
    protected override Task CloseAsync(ILedgerStore store) => Task.CompletedTask;
    protected override Task RemoveAsync() => Task.CompletedTask;
}
