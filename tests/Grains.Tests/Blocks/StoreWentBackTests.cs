using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// A restored copy, or a failover to one that was behind, has lost what was acknowledged: no answer may rest on it.
/// </summary>
public sealed class StoreWentBackTests : IAsyncLifetime
{
    private readonly FaultyStore _store = new(new InMemoryLedgerStore());
    private LedgerCluster _cluster = null!;
    private Caller _caller = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await LedgerCluster.StartAsync(_store);
        _caller = new Caller(_cluster.Grains);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_copy_without_the_last_refusal_is_noticed_and_stays_unbelieved()
    {
        PhoneNumber number = await RefusedNumberAsync();
        PhoneNumber elsewhere = await _caller.BoundNumberAsync();

        _store.Inner = await _store.CopyAsync(NumberBlock.Of(number), through: 2);

        await AssertUnavailableAsync(() => _caller.CheckAsync(number));
        await AssertUnavailableAsync(() => _caller.CheckAsync(number)); // What a client does next: it asks again.
        await AssertUnavailableAsync(() => _caller.CheckAsync(elsewhere));
        await AssertUnavailableAsync(() => _caller.OptOutAsync(elsewhere));
        await AssertUnavailableAsync(() => _cluster.Service<IRegistryReader>().ReadAsync(Ct).AsTask());
        string? reason = Assert.Single(_cluster.Service<IServiceProvider>().GetServices<IReadiness>()).WhyNotReady;
        Assert.Contains("went back", reason);
        Assert.DoesNotContain($"{NumberBlock.Of(number).Key}", reason); // Anybody can ask for readiness.
    }

    [Fact]
    public async Task A_copy_that_lost_the_refusal_and_was_written_since_is_noticed_too()
    {
        PhoneNumber number = await RefusedNumberAsync();
        NumberBlock block = NumberBlock.Of(number);

        InMemoryLedgerStore copy = await _store.CopyAsync(block, through: 2);
        var writer = new OtherWriter(copy);
        foreach (int offset in (int[])[1, 2, 3]) await writer.RecordAsync(block.At(offset), The.Bound());
        _store.Inner = copy;

        await AssertUnavailableAsync(() => _caller.CheckAsync(number));
        await AssertUnavailableAsync(() => _caller.CheckAsync(number));
    }

    [Fact]
    public async Task A_copy_with_another_entry_at_the_same_position_is_noticed()
    {
        PhoneNumber number = await RefusedNumberAsync();
        NumberBlock block = NumberBlock.Of(number);

        InMemoryLedgerStore copy = await _store.CopyAsync(block, through: 2);
        await new OtherWriter(copy).RecordAsync(block.At(1), The.Bound());
        _store.Inner = copy;

        await AssertUnavailableAsync(() => _caller.CheckAsync(number));
        await AssertUnavailableAsync(() => _caller.CheckAsync(number));
    }

    [Fact]
    public async Task A_number_that_knows_more_than_the_store_records_nothing()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();

        _store.Inner = await _store.CopyAsync(NumberBlock.Of(number), through: 1);

        await AssertUnavailableAsync(() => _caller.OptOutAsync(number));
        await AssertUnavailableAsync(() => _caller.OptOutAsync(number));
        Assert.Single(await _store.Inner.ReadBlockAsync(NumberBlock.Of(number), 0, 10, Ct));
    }

    [Fact]
    public async Task A_registry_that_forgot_a_revocation_lets_nobody_in()
    {
        IRegistryGrain registry = _caller.Grains.Registry();
        await registry.RegisterPartyAsync(new(new("acme", "ACME", PartyRole.Lender), null), Ct);
        await registry.AddKeyAsync(new(new("k1", "acme", default, new([Scopes.CheckNumbers])), null), Ct);
        await registry.RevokeKeyAsync(new("acme", "k1", null), Ct);
        var reader = _cluster.Service<IRegistryReader>();
        Assert.NotNull((await reader.ReadAsync(Ct)).Keys["k1"].RevokedAt);

        _store.Inner = await _store.CopyAsync(NumberBlock.Registry, through: 2);

        await AssertUnavailableAsync(() => reader.ReadAsync(Ct).AsTask());
        await AssertUnavailableAsync(() => reader.ReadAsync(Ct).AsTask());
    }

    private static Task<LedgerUnavailableException> AssertUnavailableAsync(Func<Task> ask) =>
        Assert.ThrowsAnyAsync<LedgerUnavailableException>(ask);

    /// <summary>Range, binding, refusal: positions 1, 2, 3. The block has seen all of them.</summary>
    private async Task<PhoneNumber> RefusedNumberAsync()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        await _caller.OptOutAsync(number);
        Assert.Equal(Reasons.OptedOut, (await _caller.CheckAsync(number)).Reasons);
        return number;
    }
}
