using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores.Tests;

/// <summary>Files of an older release, and rows that only an older or a faulty one would write.</summary>
public sealed class SchemaTests : IDisposable
{
    private const string FirstStep =
        "DROP TABLE snapshots; DROP INDEX events_registry_cmd; DROP TABLE states; "
        + "UPDATE meta SET value = 1 WHERE key = 'schema'";

    private static readonly NumberBlock Block = new(861_380_000);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_the_first_schema_is_brought_up_to_date_with_all_that_is_in_it()
    {
        Append first = Some.Append(NumberBlock.Registry, Some.Tag(1), after: 0, command: Some.Command(7));
        await using (SqliteLedgerStore store = _folder.OpenStore()) await store.AppendAsync(first, Ct);
        Execute(FirstStep);

        await using (SqliteLedgerStore store = _folder.OpenStore())
        {
            Assert.Null(store.Degraded);
            Assert.Equal(AppendOutcome.Repeated, (await store.AppendAsync(first, Ct)).Outcome);
            await store.SaveSnapshotAsync(NumberBlock.Registry, new(1, first.Entries[0].Hash, [1]), Ct);
            Assert.Single((await store.ReadSnapshotsAsync([NumberBlock.Registry], 1, Ct)).Found);
            Assert.NotNull(await store.SaveAsync("s", new byte[1], null, Ct));
        }
    }

    [Fact]
    public async Task A_command_of_the_registry_is_looked_up_in_its_index()
    {
        await using SqliteLedgerStore store = _folder.OpenStore();
        using SqliteCommand explain = store.Connection.CreateCommand();
        explain.CommandText = $"EXPLAIN QUERY PLAN {WriteTransaction.KnowsRegistryCommand}";
        explain.Parameters.AddWithValue("?2", new byte[Pseudonym.Size]);
        explain.Parameters.AddWithValue("?3", new byte[CommandId.Size]);

        using SqliteDataReader plan = await explain.ExecuteReaderAsync(Ct);

        Assert.True(await plan.ReadAsync(Ct));
        Assert.Contains("USING INDEX events_registry_cmd (cmd=?", plan.GetString(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_whose_row_nothing_writes_is_as_if_it_were_not_there()
    {
        Append append = Some.Append(Block, Some.Tag(1), after: 0);
        await using (SqliteLedgerStore store = _folder.OpenStore())
        {
            await store.AppendAsync(append, Ct);
            await store.SaveSnapshotAsync(Block, new(1, append.Entries[0].Hash, [1, 2, 3]), Ct);
        }

        Execute("UPDATE snapshots SET hash = x'00'");

        await using SqliteLedgerStore again = _folder.OpenStore();
        Assert.Empty((await again.ReadSnapshotsAsync([Block], 1, Ct)).Found);
        Assert.Null(again.Degraded);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder["ledger.db"]};Pooling=False");
        connection.Open();
        SqliteConnections.Execute(connection, sql);
    }
}
