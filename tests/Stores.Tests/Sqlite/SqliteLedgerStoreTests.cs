namespace NumberLedger.Stores.Tests;

public sealed class SqliteLedgerStoreTests : LedgerStoreContract
{
    private static readonly MasterKey Master = new(new byte[MasterKey.Size]);

    private readonly TemporaryFolder _folder = new();

    protected override Task<ILedgerStore> OpenAsync() =>
        Task.FromResult<ILedgerStore>(SqliteLedgerStore.Open(_folder.Path, Master));

    protected override async Task CloseAsync(ILedgerStore store) => await ((SqliteLedgerStore)store).DisposeAsync();

    protected override Task RemoveAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
