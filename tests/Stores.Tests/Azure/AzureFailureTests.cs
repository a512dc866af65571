using System.Diagnostics;
using System.Security.Cryptography;
using Azure.Data.Tables;
using NumberLedger.Testing;

namespace NumberLedger.Stores.Tests;

/// <summary>A service that fails, hangs, loses answers or is late, and processes that come in between.</summary>
public sealed class AzureFailureTests : IAsyncLifetime
{
    private static readonly NumberBlock Block = new(861_380_000);
    private static readonly Pseudonym Tag = Some.Tag(1);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly AzurePlace _place = new();
    private AzureLedgerStore _store = null!;
    private AzureProxy _proxy = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = (AzureLedgerStore)await _place.OpenAsync();
        _proxy = new AzureProxy((await AzuriteServer.SharedAsync()).Port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store.Degraded is null) await WholeLedger.VerifyAsync(_store, CancellationToken.None);
        await _store.DisposeAsync();
        await _place.DisposeAsync();
        _proxy.Dispose();
    }

    [Fact]
    public async Task An_answer_that_is_lost_after_the_commit_is_found_out_and_the_append_is_there_once()
    {
        await using AzureLedgerStore behind = await BehindProxyAsync(Long, Long);
        Decide(Fate.AnswerLost, times: 1);

        AppendResult result = await behind.AppendAsync(Some.Append(Block, Tag, after: 0), Ct);

        Assert.Equal((AppendOutcome.Appended, 1), (result.Outcome, result.Head.Position));
        Assert.Equal(result.Head, (await _store.ReadHeadsAsync([Block], Ct))[0]);
    }

    /// <summary>Then the head is not what it left, and its ETag not what it asked for.</summary>
    [Fact]
    public async Task An_answer_that_is_lost_is_found_out_also_when_others_have_written_since()
    {
        await using AzureLedgerStore behind = await BehindProxyAsync(Long, Long);
        await behind.AppendAsync(Some.Append(Block, Some.Tag(9), after: 0), Ct);
        Decide(Fate.AnswerLost, times: 1);
        _proxy.BeforeLoss = () => _store.AppendAsync(Some.Append(Block, Some.Tag(2), after: 0, count: 2), Ct);

        AppendResult result = await behind.AppendAsync(Some.Append(Block, Tag, after: 0, count: 3), Ct);

        Assert.Equal((AppendOutcome.Appended, 4), (result.Outcome, result.Head.Position));
        Assert.Equal(6, (await _store.ReadHeadsAsync([Block], Ct))[0].Position);
    }

    [Fact]
    public async Task An_answer_that_says_nothing_proves_nothing_and_the_append_is_there_once()
    {
        await using AzureLedgerStore behind = await BehindProxyAsync(Long, Long);
        Decide(Fate.AnswerEmptied, times: 1);

        AppendResult result = await behind.AppendAsync(Some.Append(Block, Tag, after: 0, count: 3), Ct);

        Assert.Equal((AppendOutcome.Appended, 3), (result.Outcome, result.Head.Position));
    }

    [Fact]
    public async Task If_nothing_can_be_found_out_the_outcome_is_unknown_and_a_retry_finds_it_done()
    {
        await using AzureLedgerStore behind = await BehindProxyAsync(Long, append: TimeSpan.FromSeconds(1));
        bool isCut = false;
        _proxy.FateOf = request =>
            isCut ? Fate.Busy : (isCut = AzureProxy.IsTransaction(request)) ? Fate.AnswerLost : Fate.Passed;

        Append append = await LeaveOpenAsync(behind, () => isCut);
        AppendResult again = await _store.AppendAsync(append, Ct);

        Assert.Equal((AppendOutcome.Repeated, 2), (again.Outcome, again.Head.Position));
    }

    /// <summary>The caller was told that nobody knows; then it is too late for anything to be written.</summary>
    [Fact]
    public async Task A_transaction_that_arrives_late_is_refused_if_the_block_has_moved()
    {
        await using AzureLedgerStore behind = await BehindProxyAsync(Long, append: TimeSpan.FromSeconds(1));
        await _store.AppendAsync(Some.Append(Block, Some.Tag(2), after: 0), Ct);
        _proxy.FateOf = request => AzureProxy.IsTransaction(request) ? Fate.Held : Fate.Passed;
        Append late = await LeaveOpenAsync(behind, () => _proxy.HasHeld);

        await _store.AppendAsync(Some.Append(Block, Some.Tag(3), after: 0), Ct);
        string[] answers = await _proxy.PassOnHeldAsync();

        Assert.All(answers, answer => Assert.Contains(" 412 ", answer, StringComparison.Ordinal));
        Assert.Equal(2, (await _store.ReadHeadsAsync([Block], Ct))[0].Position);
        Assert.Empty(await _store.ReadTagsAsync(Block, [late.Entries[0].Tag], Ct));
    }

    [Fact]
    public async Task A_transaction_that_arrives_late_is_written_if_nothing_came_in_between_and_its_retry_is_not()
    {
        await using AzureLedgerStore behind = await BehindProxyAsync(Long, append: TimeSpan.FromSeconds(1));
        _proxy.FateOf = request => AzureProxy.IsTransaction(request) ? Fate.Held : Fate.Passed;
        Append append = await LeaveOpenAsync(behind, () => _proxy.HasHeld);

        await _proxy.PassOnHeldAsync();
        AppendResult again = await _store.AppendAsync(append, Ct);

        Assert.Equal((AppendOutcome.Repeated, 2), (again.Outcome, again.Head.Position));
    }

    [Fact]
    public async Task A_service_that_is_busy_is_asked_again_and_what_it_did_not_take_is_there_once()
    {
        await using AzureLedgerStore behind = await BehindProxyAsync(Long, Long);
        int requests = 0;
        _proxy.FateOf = _ => ++requests % 3 > 0 ? Fate.Busy : Fate.Passed;

        AppendResult result = await behind.AppendAsync(Some.Append(Block, Tag, after: 0), Ct);
        BlockHead[] heads = await behind.ReadHeadsAsync([Block], Ct);

        Assert.Equal(AppendOutcome.Appended, result.Outcome);
        Assert.Equal(result.Head, heads[0]);
    }

    [Theory]
    [InlineData(Fate.Busy)]
    [InlineData(Fate.Held)]
    [InlineData(Fate.AnswerLost)]
    public async Task A_service_that_does_not_answer_is_unavailable_within_the_deadline_and_comes_back(Fate fate)
    {
        await using AzureLedgerStore behind = await BehindProxyAsync(
            TimeSpan.FromMilliseconds(200), append: TimeSpan.FromSeconds(1));
        await _store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct);
        Append next = Some.Append(Block, Tag, after: 1, command: Some.Command(1));
        _proxy.FateOf = _ => fate;

        await UnavailableAsync(() => behind.AppendAsync(next, Ct));
        await UnavailableAsync(() => behind.ReadHeadsAsync([Block], Ct).AsTask());
        await UnavailableAsync(() => behind.ReadTagsAsync(Block, [Tag], Ct));
        await UnavailableAsync(() => behind.ClaimAsync(new Claim(7, default, Some.Noon, null), Ct));
        _proxy.FateOf = _ => Fate.Passed;

        await RetriedAsync(() => behind.AppendAsync(next, Ct));
        Assert.Equal(2, (await RetriedAsync(() => behind.ReadHeadsAsync([Block], Ct).AsTask()))[0].Position);
    }

    [Fact]
    public async Task A_read_ends_when_its_caller_does_not_wait_any_more()
    {
        await using AzureLedgerStore behind = await BehindProxyAsync(Long, Long);
        _proxy.FateOf = _ => Fate.Held;
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => behind.ReadHeadsAsync([Block, new NumberBlock(100)], late.Token).AsTask());
    }

    [Fact]
    public async Task A_claim_whose_answer_is_lost_is_the_first_all_the_same()
    {
        await using AzureLedgerStore behind = await BehindProxyAsync(Long, Long);
        var claim = new Claim(7, new Hash256(1, 2), Some.Noon, Answer: null);
        int requests = 0;
        _proxy.FateOf = _ => requests++ == 0 ? Fate.AnswerLost : Fate.Passed;

        Assert.Equal(claim, await behind.ClaimAsync(claim, Ct));
    }

    [Fact]
    public async Task Writers_of_several_processes_leave_no_gaps_and_each_append_is_answered_as_what_became_of_it()
    {
        AzureLedgerStore[] stores =
            [_store, (AzureLedgerStore)await _place.OpenAsync(), (AzureLedgerStore)await _place.OpenAsync()];
        NumberBlock[] blocks = [Block, new NumberBlock(861_380_001)];

        // Two of them for each number, of which one comes first.
        AppendResult[] results = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => stores[i % 3].AppendAsync(
            Some.Append(blocks[i / 2 % blocks.Length], Some.Tag(i / 2), after: 0), Ct)));

        for (int number = 0; number < results.Length / 2; number++)
        {
            Assert.Equal(
                [AppendOutcome.Appended, AppendOutcome.Conflict],
                results.Skip(2 * number).Take(2).Select(result => result.Outcome).Order());
        }

        BlockHead[] heads =
            [.. results.Where(result => result.Outcome is AppendOutcome.Appended).Select(result => result.Head)];
        Assert.Equal(heads.Length, heads.Distinct().Count());
        Assert.Equal(heads.Length, await WholeLedger.VerifyAsync(_store, Ct));
        foreach (AzureLedgerStore other in stores[1..]) await other.DisposeAsync();
    }

    [Fact]
    public async Task Of_processes_that_write_one_block_and_are_killed_all_is_there_that_they_acknowledged_and_once()
    {
        const int Each = 60, Kills = 4;
        string setting = await _place.SettingAsync();
        Task<int>[] others = [EndAsync(2), EndAsync(3)];

        for (int kill = 1; kill <= Kills; kill++)
        {
            using Process child = Child.Start(["append-azure", setting, "1", $"{Each}"]);
            string? said = null;
            for (int answers = 0; answers < 5; answers++) said = await child.StandardOutput.ReadLineAsync(Ct);
            child.Kill();
            await child.WaitForExitAsync(Ct);

            int version = (await _store.ReadTagsAsync(new NumberBlock(100), [Some.Tag(1)], Ct)).Count;
            Assert.StartsWith("Appended ", said, StringComparison.Ordinal);
            Assert.InRange(version, int.Parse(said!.Split(' ')[1]), Each);
        }

        Assert.All(await Task.WhenAll([.. others, EndAsync(1)]), exitCode => Assert.Equal(0, exitCode));
        Assert.Equal(3 * Each, await WholeLedger.VerifyAsync(_store, Ct));

        async Task<int> EndAsync(int tag)
        {
            using Process child = Child.Start(["append-azure", setting, $"{tag}", $"{Each}"]);
            string all = await child.StandardOutput.ReadToEndAsync(Ct);
            await child.WaitForExitAsync(Ct);
            Assert.DoesNotContain("Conflict", all, StringComparison.Ordinal);
            return child.ExitCode;
        }
    }

    [Fact]
    public async Task An_append_of_the_size_that_is_promised_is_taken_and_a_larger_one_is_the_callers_bug()
    {
        Append largest = Some.Append(Block, Tag, after: 0, _store.EntriesMax);
        Append each = largest with
        {
            Entries = [.. largest.Entries.Select((entry, i) => entry with { Command = Some.Command(i) })],
        };
        Append larger = Some.Append(Block, Tag, after: 0, _store.EntriesMax + 1);
        Append tooLong = larger with
        {
            Entries = [larger.Entries[0] with { Sealed = new byte[AzureLimits.BytesPerProperty + 1] }],
        };

        await Assert.ThrowsAsync<ArgumentException>(() => _store.AppendAsync(larger, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => _store.AppendAsync(tooLong, Ct));
        AppendResult result = await _store.AppendAsync(each, Ct);

        Assert.Equal((AppendOutcome.Appended, _store.EntriesMax), (result.Outcome, result.Head.Position));
    }

    [Fact]
    public async Task An_entry_that_is_missing_is_found_and_the_store_is_not_believed_any_more()
    {
        await _store.AppendAsync(Some.Append(Block, Tag, after: 0, count: 3), Ct);
        await DeleteAsync(AzureKeys.Entry(2));

        await Assert.ThrowsAsync<BrokenLedgerException>(() => _store.ReadBlockAsync(Block, 0, 10, Ct));
        await Assert.ThrowsAsync<BrokenLedgerException>(() => _store.ReadTagsAsync(Block, [Tag], Ct));

        Assert.Contains("lost entries", _store.Degraded, StringComparison.Ordinal);
        await UnavailableAsync(() => _store.AppendAsync(Some.Append(Block, Tag, after: 3), Ct));
        await UnavailableAsync(() => _store.SaveAsync("s", new byte[1], null, Ct));
        await UnavailableAsync(() => _store.DeleteAsync("s", "v", Ct));
        await UnavailableAsync(() => _store.ReadHeadsAsync([Block], Ct).AsTask());
    }

    [Fact]
    public async Task A_version_that_is_missing_in_a_numbers_list_is_found()
    {
        await _store.AppendAsync(Some.Append(Block, Tag, after: 0, count: 3), Ct);
        await DeleteAsync(AzureKeys.Version(Tag, 2));

        await Assert.ThrowsAsync<BrokenLedgerException>(() => _store.ReadTagsAsync(Block, [Tag], Ct));
    }

    [Fact]
    public async Task A_head_that_is_missing_or_behind_lets_nothing_be_written_over_what_is_there()
    {
        await _store.AppendAsync(Some.Append(Block, Tag, after: 0, count: 3), Ct);
        await DeleteAsync(AzureKeys.Head);

        await Assert.ThrowsAsync<BrokenLedgerException>(
            () => _store.AppendAsync(Some.Append(Block, Some.Tag(2), after: 0), Ct));

        Assert.Contains("past the head", _store.Degraded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_that_are_gone_are_no_empty_ledger()
    {
        await _store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct);
        await (await _place.LedgerAsync()).DeleteAsync(Ct);

        await UnavailableAsync(() => _store.ReadHeadsAsync([Block], Ct).AsTask());
        await UnavailableAsync(() => _store.ReadTagsAsync(Block, [Tag], Ct));
        await UnavailableAsync(() => _store.AppendAsync(Some.Append(Block, Some.Tag(2), after: 0), Ct));
        await UnavailableAsync(() => _store.ReadBlocksAsync(new NumberBlock(0), 10, Ct));

        await (await _place.OpenAsync() as AzureLedgerStore)!.DisposeAsync(); // To be verified, and removed.
    }

    [Fact]
    public async Task A_newer_releases_tables_are_left_alone()
    {
        await (await _place.LedgerAsync()).UpsertEntityAsync(
            new TableEntity(AzureKeys.Meta, "ledger") { ["Schema"] = 99L }, TableUpdateMode.Merge, Ct);

        StoreUnavailableException refused = await UnavailableAsync(_place.OpenAsync);

        Assert.Contains("schema version 99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_of_another_master_key_is_left_alone()
    {
        var another = new MasterKey(RandomNumberGenerator.GetBytes(MasterKey.Size));

        StoreUnavailableException refused = await UnavailableAsync(() => _place.OpenAsync(another));

        Assert.Contains("another master key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_processes_may_start_at_once_on_an_empty_account()
    {
        await using var place = new AzurePlace();

        ILedgerStore[] stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => place.OpenAsync()));

        foreach (ILedgerStore store in stores) await place.CloseAsync(store);
    }

    [Theory]
    [InlineData("AccountName=x;AccountKey=secret?", "cannot be read")]
    [InlineData("https://x.table.core.windows.net/?sig=secret", "cannot be read")]
    [InlineData("https://x-secondary.table.core.windows.net", "primary")]
    [InlineData("AccountName=x;AccountKey=c2VjcmV0;TableEndpoint=https://x-secondary.table.core.windows.net", "primary")]
    [InlineData("AccountName=x;AccountKey=c2VjcmV0;TableEndpoint=https://x.table.cosmos.azure.com", "Cosmos")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=x;AccountKey=c2VjcmV0", "https")]
    public async Task A_setting_that_cannot_be_used_is_told_without_repeating_it(string setting, string reason)
    {
        Assert.True(AzureLedgerStore.IsNamedBy(setting));

        StoreUnavailableException refused = await UnavailableAsync(
            () => AzureLedgerStore.OpenAsync(setting, TemporaryFolder.Master));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", true)]
    [InlineData("https://x.table.core.windows.net;Tables=acme", true)]
    [InlineData("Host=db;Username=AccountName=x;Password=a", false)]
    [InlineData("Host=db;Database=ledger", false)]
    public void A_setting_of_an_account_is_told_from_one_of_a_database(string setting, bool isAzure) =>
        Assert.Equal(isAzure, AzureLedgerStore.IsNamedBy(setting));

    private Task<AzureLedgerStore> BehindProxyAsync(TimeSpan eachTry, TimeSpan append) =>
        RetriedAsync(() => _place.OpenAsync(_proxy.Port, eachTry, append));

    /// <summary>Until one was on its way when nobody waited for it any more.</summary>
    /// <returns>That one: two entries of a number of its own, with a command.</returns>
    private static async Task<Append> LeaveOpenAsync(AzureLedgerStore behind, Func<bool> isUnderWay)
    {
        for (int number = 1_000; ; number++)
        {
            Append append = Some.Append(Block, Some.Tag(number), after: 0, count: 2, Some.Command(number));
            await UnavailableAsync(() => behind.AppendAsync(append, Ct));
            if (isUnderWay()) return append;
        }
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
                await Task.Delay(20, Ct);
            }
        }
    }

    /// <summary>Of the next transactions.</summary>
    private void Decide(Fate fate, int times) => _proxy.FateOf = request =>
        AzureProxy.IsTransaction(request) && times-- > 0 ? fate : Fate.Passed;

    private async Task DeleteAsync(string row) =>
        await (await _place.LedgerAsync()).DeleteEntityAsync(AzureKeys.Partition(Block), row, cancellationToken: Ct);

    private static Task<StoreUnavailableException> UnavailableAsync<T>(Func<Task<T>> call) =>
        Assert.ThrowsAsync<StoreUnavailableException>(call);
}
