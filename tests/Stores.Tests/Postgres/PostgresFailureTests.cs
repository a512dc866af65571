using System.Security.Cryptography;
using Npgsql;
using NumberLedger.Testing;

namespace NumberLedger.Stores.Tests;

/// <summary>A server that stops, hangs, goes away in the wrong moment, or must not be taken at all.</summary>
public sealed class PostgresFailureTests
{
    private static readonly NumberBlock Block = new(861_380_000);
    private static readonly Pseudonym Tag = Some.Tag(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    [InlineData("synchronous_commit")]
    public async Task A_server_that_may_lose_what_it_acknowledged_is_not_taken(string setting)
    {
        await using PostgresServer server = await PostgresServer.StartAsync($"{setting}=off");

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => OpenAsync(server.ConnectionString));

        Assert.Contains($"{setting} = off", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_standby_is_not_taken_also_where_a_primary_was_before()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using PostgresLedgerStore store = await OpenAsync(server.ConnectionString);
        await store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct);
        await server.RestartAsStandbyAsync();

        // Connections of before are gone, which a call or two find out.
        StoreUnavailableException unavailable;
        do unavailable = await UnavailableAsync(() => store.ReadHeadsAsync([Block], Ct).AsTask());
        while (!unavailable.Message.Contains("standby", StringComparison.Ordinal));

        StoreUnavailableException refused = await UnavailableAsync(
            () => OpenAsync(server.ConnectionString));
        Assert.Contains("standby", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_that_cannot_be_read_is_told_without_repeating_it()
    {
        StoreUnavailableException refused = await UnavailableAsync(
            () => OpenAsync("Host=x;Pasword=secret"));

        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_releases_tables_are_left_alone()
    {
        await using var place = new PostgresPlace();
        await ((PostgresLedgerStore)await place.OpenAsync()).DisposeAsync();
        await place.RunAsync("UPDATE meta SET value = 99");

        StoreUnavailableException refused = await UnavailableAsync(place.OpenAsync);

        Assert.Contains("schema version 99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_of_the_first_schema_are_brought_up_to_date()
    {
        await using var place = new PostgresPlace();
        await place.CloseAsync(await place.OpenAsync());
        await place.RunAsync(
            "DROP TABLE states, files, file_parts; UPDATE meta SET value = 1 WHERE key = 'schema'");

        var store = (PostgresLedgerStore)await place.OpenAsync();

        Assert.NotNull(await store.SaveAsync("s", new byte[] { 1 }, null, Ct));
        await place.CloseAsync(store);
    }

    [Fact]
    public async Task A_ledger_of_another_master_key_is_left_alone()
    {
        var another = new MasterKey(RandomNumberGenerator.GetBytes(MasterKey.Size));
        await using var place = new PostgresPlace();
        await place.CloseAsync(await place.OpenAsync());

        StoreUnavailableException refused = await UnavailableAsync(() => place.OpenAsync(another));

        Assert.Contains("another master key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_processes_may_start_at_once_on_an_empty_database()
    {
        await using var place = new PostgresPlace();

        ILedgerStore[] stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => place.OpenAsync()));

        foreach (ILedgerStore store in stores) await place.CloseAsync(store);
    }

    [Fact]
    public async Task Writers_of_several_processes_leave_no_gaps_and_never_wait_in_a_circle()
    {
        await using var place = new PostgresPlace();
        ILedgerStore[] stores = [await place.OpenAsync(), await place.OpenAsync(), await place.OpenAsync()];
        NumberBlock[] blocks = [.. Enumerable.Range(0, 6).Select(i => new NumberBlock(861_380_000 + i))];

        AppendResult[] results = await Task.WhenAll(Enumerable.Range(0, 600).Select(i => stores[i % 3].AppendAsync(
            Some.Append(blocks[(i * 7) % blocks.Length], Some.Tag(i / 2), after: 0), Ct)));

        Assert.DoesNotContain(AppendOutcome.Repeated, results.Select(result => result.Outcome));
        BlockHead[] heads =
            [.. results.Where(result => result.Outcome is AppendOutcome.Appended).Select(result => result.Head)];
        Assert.Equal(heads.Length, await WholeLedger.VerifyAsync(stores[0], Ct));
        Assert.Equal(heads.Length, heads.Distinct().Count());
        foreach (ILedgerStore store in stores) await place.CloseAsync(store);
    }

    [Fact]
    public async Task A_server_that_is_killed_in_mid_write_has_all_of_what_it_acknowledged_and_no_append_twice()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using PostgresLedgerStore store = await OpenAsync(server.ConnectionString);
        using var stop = new CancellationTokenSource();
        Task<int>[] writers = [.. Enumerable.Range(0, 8).Select(writer => WriteUntilAsync(store, writer, stop.Token))];
        for (int kill = 0; kill < 3; kill++)
        {
            await Task.Delay(300, Ct);
            await server.StopImmediatelyAsync();
            await server.StartAsync();
        }

        await Task.Delay(300, Ct);
        await stop.CancelAsync();
        int[] versions = await Task.WhenAll(writers);

        Assert.Equal(versions.Sum(), await WholeLedger.VerifyAsync(store, Ct));
        for (int writer = 0; writer < writers.Length; writer++)
        {
            Assert.Equal(versions[writer], (await store.ReadTagsAsync(Block, [Some.Tag(writer)], Ct)).Count);
        }
    }

    [Fact]
    public async Task An_answer_that_is_lost_after_the_commit_leaves_an_unknown_outcome_and_a_retry_finds_it_done()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        using var proxy = new AnswerProxy(server.Socket);
        await using PostgresLedgerStore store = await OpenAsync(proxy);
        await store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct);
        Append append = Some.Append(Block, Tag, after: 1, command: Some.Command(1));
        proxy.LoseNext("COMMIT");

        await UnavailableAsync(() => store.AppendAsync(append, Ct));
        AppendResult again = await store.AppendAsync(append, Ct);

        Assert.Equal(AppendOutcome.Repeated, again.Outcome);
        Assert.Equal(2, await WholeLedger.VerifyAsync(store, Ct));
    }

    [Fact]
    public async Task An_answer_that_is_lost_after_a_state_was_written_leaves_an_unknown_outcome()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        using var proxy = new AnswerProxy(server.Socket);
        await using PostgresLedgerStore store = await OpenAsync(proxy);

        proxy.LoseNext("INSERT 0 1");
        await UnavailableAsync(() => store.SaveAsync("s", new byte[] { 1 }, null, Ct));
        StoredState made = (await store.ReadAsync("s", Ct))!;
        proxy.LoseNext("UPDATE 1");
        await UnavailableAsync(() => store.SaveAsync("s", new byte[] { 2 }, made.Version, Ct));
        StoredState changed = (await store.ReadAsync("s", Ct))!;
        proxy.LoseNext("DELETE 1");
        await UnavailableAsync(() => store.DeleteAsync("s", changed.Version, Ct));

        Assert.Equal((1, 2), (made.Content[0], changed.Content[0]));
        Assert.Null(await store.ReadAsync("s", Ct));
    }

    [Fact]
    public async Task A_server_that_hangs_is_unavailable_within_the_deadline_and_comes_back()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using PostgresLedgerStore store = await OpenAsync(
            server.ConnectionString + ";Command Timeout=1;Timeout=1");
        await store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct);

        await server.SignalAsync("STOP");
        await UnavailableAsync(() => store.AppendAsync(Some.Append(Block, Tag, after: 1), Ct));
        await UnavailableAsync(() => store.ReadHeadsAsync([Block], Ct).AsTask());
        await server.SignalAsync("CONT");
        AppendResult after;
        do after = await RetriedAsync(() => store.AppendAsync(Some.Append(Block, Some.Tag(2), after: 0), Ct));
        while (after.Outcome is not (AppendOutcome.Appended or AppendOutcome.Conflict));

        await WholeLedger.VerifyAsync(store, Ct);
    }

    /// <remarks>It would be a thread of the pool, and with every call that is given up another.</remarks>
    [Fact]
    public async Task Who_gives_up_a_call_to_a_server_that_hangs_goes_on_at_once()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using PostgresLedgerStore store = await OpenAsync(server.ConnectionString + ";Timeout=60");
        await store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct);
        await store.ReadHeadsAsync([Block], Ct);
        await store.ReadBlockAsync(Block, 0, 1, Ct);

        await server.SignalAsync("STOP");
        using var patience = new CancellationTokenSource();
        Task heads = store.ReadHeadsAsync([Block], patience.Token).AsTask();
        Task entries = store.ReadBlockAsync(Block, 0, 1, patience.Token);
        Task file = store.Files.ListAsync(patience.Token);
        await Task.Run(patience.Cancel, Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct);

        await server.SignalAsync("CONT");
        foreach (Task each in (Task[])[heads, entries, file]) await Record.ExceptionAsync(() => each);
        BlockHead[] after = await RetriedAsync(() => store.ReadHeadsAsync([Block], Ct).AsTask());
        Assert.Equal(1, Assert.Single(after).Position);
    }

    /// <remarks>
    /// PostgreSQL ends the wait of a commit that is cancelled, says that it is done, and no standby has it.
    /// </remarks>
    [Fact]
    public async Task What_no_standby_has_yet_is_not_acknowledged_however_often_it_is_tried()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using PostgresLedgerStore store = await OpenAsync(server.ConnectionString + ";Command Timeout=1");
        await store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct);
        await StandbysAsync(server, "nobody");
        Append append = Some.Append(Block, Tag, after: 1);

        await UnavailableAsync(() => store.AppendAsync(append, Ct));
        await UnavailableAsync(() => store.AppendAsync(append, Ct));
        BlockHead[] heads = await RetriedAsync(() => store.ReadHeadsAsync([Block], Ct).AsTask());
        Assert.Equal(1, Assert.Single(heads).Position);

        await StandbysAsync(server, "");
        while (Assert.Single(await store.ReadHeadsAsync([Block], Ct)).Position < 2) await Task.Delay(20, Ct);
        await store.AppendAsync(Some.Append(Block, Some.Tag(2), after: 0), Ct);
        await WholeLedger.VerifyAsync(store, Ct);
    }

    private static async Task StandbysAsync(PostgresServer server, string names)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        foreach (string sql in (string[])
            [$"ALTER SYSTEM SET synchronous_standby_names = '{names}'", "SELECT pg_reload_conf()"])
        {
            await using NpgsqlCommand command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Ct);
        }

        while (true)
        {
            await using NpgsqlCommand shown = source.CreateCommand("SHOW synchronous_standby_names");
            if ((string?)await shown.ExecuteScalarAsync(Ct) == names) return;
        }
    }

    [Theory]
    [InlineData("Host=a", false, 16, 5, 1)]
    [InlineData("Host=a", true, 4, 5, 1)]
    [InlineData("Host=a;Maximum Pool Size=7", false, 7, 5, 1)]
    [InlineData("Host=a;Tcp Keepalive Time=0", false, 16, 0, 0)]
    [InlineData("Host=/tmp", false, 16, 0, 0)]
    [InlineData("Host=@a", false, 16, 0, 0)]
    public async Task What_a_connection_string_sets_itself_stays(
        string given, bool forHeads, int connections, int silent, int probe)
    {
        await using NpgsqlDataSource source = PostgresSource.BuildToServe(given, forHeads);
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);

        Assert.Equal(
            (connections, silent, probe, 0),
            (settings.MaxPoolSize, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval, settings.CommandTimeout));
    }

    [Fact]
    public async Task Who_stops_in_mid_transaction_loses_its_locks_and_others_go_on()
    {
        await using var place = new PostgresPlace();
        ILedgerStore store = await place.OpenAsync();
        await store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct);

        // As a process that is suspended between the two trips of a group.
        NpgsqlDataSource source = await place.SourceAsync("-c idle_in_transaction_session_timeout=500");
        NpgsqlConnection suspended = await source.OpenConnectionAsync(Ct);
        await using var command = new NpgsqlCommand("BEGIN; SELECT * FROM heads FOR UPDATE", suspended);
        await command.ExecuteNonQueryAsync(Ct);

        Assert.Equal(AppendOutcome.Appended, (await store.AppendAsync(Some.Append(Block, Tag, after: 1), Ct)).Outcome);
        await place.CloseAsync(store);
    }

    [Fact]
    public async Task An_entry_that_is_missing_is_found_and_the_store_is_not_believed_any_more()
    {
        await using var place = new PostgresPlace();
        var store = (PostgresLedgerStore)await place.OpenAsync();
        await store.AppendAsync(Some.Append(Block, Tag, after: 0, count: 3), Ct);
        await place.RunAsync("DELETE FROM events WHERE seq = 2");

        await Assert.ThrowsAsync<BrokenLedgerException>(() => store.ReadBlockAsync(Block, 0, 10, Ct));
        await Assert.ThrowsAsync<BrokenLedgerException>(() => store.ReadTagsAsync(Block, [Tag], Ct));

        Assert.Contains("lost entries", store.Degraded, StringComparison.Ordinal);
        await UnavailableAsync(() => store.AppendAsync(Some.Append(Block, Tag, after: 3), Ct));
        await UnavailableAsync(() => store.ReadHeadsAsync([Block], Ct).AsTask());
        await UnavailableAsync(() => store.SaveAsync("s", new byte[1], null, Ct));
        await UnavailableAsync(() => store.DeleteAsync("s", "v", Ct));
        await place.CloseAsync(store);
    }

    private static Task<PostgresLedgerStore> OpenAsync(AnswerProxy proxy) =>
        OpenAsync($"Host=127.0.0.1;Port={proxy.Port};Username=postgres;Database=postgres");

    private static Task<PostgresLedgerStore> OpenAsync(string connectionString) =>
        PostgresLedgerStore.OpenAsync(connectionString, TemporaryFolder.Master);

    /// <summary>One tag's versions, each with a command of its own, until it is told to stop.</summary>
    /// <returns>How many of them are there.</returns>
    private static async Task<int> WriteUntilAsync(PostgresLedgerStore store, int writer, CancellationToken stop)
    {
        int version = 0;
        while (!stop.IsCancellationRequested)
        {
            Append append = Some.Append(Block, Some.Tag(writer), version, command: Some.Command(version + 1));
            AppendResult result = await RetriedAsync(() => store.AppendAsync(append, CancellationToken.None));
            Assert.NotEqual(AppendOutcome.Conflict, result.Outcome);
            version++;
        }

        return version;
    }

    private static async Task<T> RetriedAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private static Task<StoreUnavailableException> UnavailableAsync<T>(Func<Task<T>> call) =>
        Assert.ThrowsAsync<StoreUnavailableException>(call);
}
