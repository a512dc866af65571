namespace NumberLedger.Stores.Tests;

/// <summary>
/// States over a service that loses answers: the library asks again, and is refused for what it has done itself.
/// </summary>
public sealed class AzureStateTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly AzurePlace _place = new();
    private AzureLedgerStore _store = null!;
    private AzureLedgerStore _behind = null!;
    private AzureProxy _proxy = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = (AzureLedgerStore)await _place.OpenAsync();
        _proxy = new AzureProxy((await AzuriteServer.SharedAsync()).Port);
        _behind = await _place.OpenAsync(_proxy.Port, Long, Long);
    }

    public async ValueTask DisposeAsync()
    {
        await _behind.DisposeAsync();
        await _store.DisposeAsync();
        await _place.DisposeAsync();
        _proxy.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_save_whose_answer_is_lost_is_found_out(bool isNew)
    {
        string? seen = isNew ? null : await _store.SaveAsync("s", new byte[] { 1 }, null, Ct);
        LoseAnswerOfNextWrite();

        string? version = await _behind.SaveAsync("s", new byte[] { 2 }, seen, Ct);

        StoredState state = (await _store.ReadAsync("s", Ct))!;
        Assert.NotNull(version);
        Assert.Equal(version, state.Version);
        Assert.Equal([2], state.Content);
    }

    /// <summary>Whether it was there before them, or nothing was done, nobody can tell any more.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task If_others_have_changed_it_since_the_outcome_is_unknown_and_no_conflict(bool isNew)
    {
        string? seen = isNew ? null : await _store.SaveAsync("s", new byte[] { 1 }, null, Ct);
        LoseAnswerOfNextWrite();
        _proxy.BeforeLoss = async () =>
        {
            StoredState written = (await _store.ReadAsync("s", Ct))!;
            Assert.Equal([2], written.Content);
            Assert.NotNull(await _store.SaveAsync("s", new byte[] { 3 }, written.Version, Ct));
        };

        await UnknownAsync(() => _behind.SaveAsync("s", new byte[] { 2 }, seen, Ct));
    }

    [Fact]
    public async Task A_deletion_whose_answer_is_lost_may_have_been_anybodys()
    {
        string seen = (await _store.SaveAsync("s", new byte[] { 1 }, null, Ct))!;
        LoseAnswerOfNextWrite();

        await UnknownAsync(() => _behind.DeleteAsync("s", seen, Ct));

        Assert.Null(await _store.ReadAsync("s", Ct));
        Assert.False(await _behind.DeleteAsync("s", seen, Ct));
    }

    private void LoseAnswerOfNextWrite()
    {
        int writes = 0;
        _proxy.FateOf = request =>
            !request.StartsWith("GET ", StringComparison.Ordinal) && writes++ == 0 ? Fate.AnswerLost : Fate.Passed;
    }

    private static Task<StoreUnavailableException> UnknownAsync<T>(Func<Task<T>> write) =>
        Assert.ThrowsAsync<StoreUnavailableException>(write);
}
