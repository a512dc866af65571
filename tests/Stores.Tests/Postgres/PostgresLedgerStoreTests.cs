using Npgsql;
using NumberLedger.Testing;

namespace NumberLedger.Stores.Tests;

public sealed class PostgresLedgerStoreTests() : LedgerStoreContract(new PostgresPlace());

public sealed class PostgresClaimStoreTests() : ClaimStoreContract(new PostgresPlace());

public sealed class PostgresStateStoreTests() : StateStoreContract(new PostgresPlace());

public sealed class PostgresFileStoreTests()
    : PartedFileStoreContract(new PostgresPlace(), store => ((PostgresLedgerStore)store).Files);

public sealed class PostgresSnapshotStoreTests() : SnapshotStoreContract(new PostgresPlace());

/// <summary>A schema of its own in the shared server.</summary>
internal sealed class PostgresPlace : StorePlace
{
    private readonly string _schema = $"t_{Guid.NewGuid():n}";

    public override Task<ILedgerStore> OpenAsync() => OpenAsync(TemporaryFolder.Master);

    public async Task<ILedgerStore> OpenAsync(MasterKey master) =>
        await PostgresLedgerStore.OpenAsync(await ConnectionStringAsync(), master);

    /// <param name="options">Of the server, for these connections.</param>
    public async Task<NpgsqlDataSource> SourceAsync(string options = "") =>
        NpgsqlDataSource.Create($"{await ConnectionStringAsync()};Options={options}");

    public async Task RunAsync(string sql)
    {
        await using NpgsqlDataSource source = await SourceAsync();
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public override ValueTask CloseAsync(ILedgerStore store) => ((PostgresLedgerStore)store).DisposeAsync();

    public override async ValueTask DisposeAsync() => await RunAsync($"DROP SCHEMA {_schema} CASCADE");

    private async Task<string> ConnectionStringAsync() =>
        $"{(await PostgresServer.SharedAsync()).ConnectionString};Search Path={_schema}";
}
