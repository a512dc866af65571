using Azure.Data.Tables;
using NumberLedger.Testing;

namespace NumberLedger.Stores.Tests;

public sealed class AzureLedgerStoreTests() : LedgerStoreContract(new AzurePlace());

public sealed class AzureClaimStoreTests() : ClaimStoreContract(new AzurePlace());

public sealed class AzureStateStoreTests() : StateStoreContract(new AzurePlace());

public sealed class AzureFileStoreTests()
    : PartedFileStoreContract(new AzurePlace(), store => ((AzureLedgerStore)store).Files);

public sealed class AzureSnapshotStoreTests() : SnapshotStoreContract(new AzurePlace());

/// <summary>Tables of its own in the shared server.</summary>
internal sealed class AzurePlace : StorePlace
{
    private readonly string _tables = $"t{Guid.NewGuid():n}";

    public override Task<ILedgerStore> OpenAsync() => OpenAsync(TemporaryFolder.Master);

    public async Task<ILedgerStore> OpenAsync(MasterKey master) =>
        await AzureLedgerStore.OpenAsync(await SettingAsync(), master, AzureDeadlines.Patient);

    /// <param name="port">Of what stands before the server.</param>
    public Task<AzureLedgerStore> OpenAsync(int port, TimeSpan eachTry, TimeSpan append) =>
        AzureLedgerStore.OpenAsync(
            $"{AzuriteServer.ConnectionStringTo(port)};Tables={_tables}", TemporaryFolder.Master,
            new AzureDeadlines(eachTry, append));

    /// <summary>As the setting of a program.</summary>
    public async Task<string> SettingAsync() =>
        $"{(await AzuriteServer.SharedAsync()).ConnectionString};Tables={_tables}";

    /// <summary>To change rows behind the store's back.</summary>
    public async Task<TableClient> LedgerAsync() =>
        new((await AzuriteServer.SharedAsync()).ConnectionString, _tables);

    public async Task<TableClient> ClaimsAsync() =>
        new((await AzuriteServer.SharedAsync()).ConnectionString, _tables + "claims");

    public override ValueTask CloseAsync(ILedgerStore store) => ((AzureLedgerStore)store).DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        string account = (await AzuriteServer.SharedAsync()).ConnectionString;
        foreach (string table in (string[])["", "claims", "states", "files"])
        {
            await new TableClient(account, _tables + table).DeleteAsync();
        }
    }
}
