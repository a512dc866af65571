using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NumberLedger.Silo;
using NumberLedger.Testing;

namespace NumberLedger.Api.Tests.Operations;

/// <summary>What one process gives out under its protection, any other of the ledger takes.</summary>
public sealed class ProtectionKeyTests
{
    private readonly InMemoryStates _states = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_process_protects_another_opens_and_another_ledgers_does_not()
    {
        await using ServiceProvider one = Process();
        string given = ProtectorOf(one).Protect("session");

        await using ServiceProvider other = Process();
        await using ServiceProvider stranger = Process(new InMemoryStates());

        Assert.Equal("session", ProtectorOf(other).Unprotect(given));
        Assert.Throws<CryptographicException>(() => ProtectorOf(stranger).Unprotect(given));
        Assert.Single(await _states.ListAsync(SharedProtectionKeys.Prefix, Ct));
    }

    [Fact]
    public async Task Of_processes_that_protect_for_the_first_time_at_once_one_makes_the_key_and_all_go_on_with_it()
    {
        using var together = new Barrier(2);
        await using ServiceProvider one = Process(new Meeting(_states, together));
        await using ServiceProvider other = Process(new Meeting(_states, together));

        string[] given = await Task.WhenAll(new[] { one, other }.Select(process => Task.Factory.StartNew(
            () => ProtectorOf(process).Protect("session"), Ct, TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal("dataprotection.key.1", Assert.Single(await _states.ListAsync("", Ct)).Name);
        Assert.Equal("session", ProtectorOf(one).Unprotect(given[1]));
        Assert.Equal("session", ProtectorOf(other).Unprotect(given[0]));
    }

    [Fact]
    public async Task A_process_that_protects_nothing_makes_no_key()
    {
        await using ServiceProvider one = Process();
        foreach (IHostedService starting in one.GetServices<IHostedService>()) await starting.StartAsync(Ct);

        ProtectorOf(one);

        Assert.Empty(await _states.ListAsync("", Ct));
    }

    [Fact]
    public async Task A_key_that_is_damaged_is_left_alone_and_another_is_made()
    {
        await using (ServiceProvider before = Process()) ProtectorOf(before).Protect("session");
        StoredState whole = (await _states.ReadAsync("dataprotection.key.1", Ct))!;
        await _states.SaveAsync("dataprotection.key.1", whole.Content.AsMemory(1), whole.Version, Ct);
        StoredState damaged = (await _states.ReadAsync("dataprotection.key.1", Ct))!;

        await using ServiceProvider one = Process(), other = Process();
        Assert.Equal("session", ProtectorOf(other).Unprotect(ProtectorOf(one).Protect("session")));

        Assert.Equal(2, (await _states.ListAsync("dataprotection.key.", Ct)).Count);
        Assert.Equal(damaged, await _states.ReadAsync("dataprotection.key.1", Ct));
    }

    [Fact]
    public async Task Keys_that_are_revoked_open_nothing_any_more_in_any_process()
    {
        await using ServiceProvider one = Process(), other = Process();
        string given = ProtectorOf(one).Protect("session");

        one.GetRequiredService<IKeyManager>().RevokeAllKeys(DateTimeOffset.UtcNow.AddMinutes(1));

        Assert.Throws<CryptographicException>(() => ProtectorOf(other).Unprotect(given));
    }

    [Fact]
    public async Task Keys_are_not_in_the_clear()
    {
        await using ServiceProvider one = Process();
        ProtectorOf(one).Protect("session");

        StateVersion key = Assert.Single(await _states.ListAsync("", Ct));
        byte[] content = (await _states.ReadAsync(key.Name, Ct))!.Content;
        Assert.True(content.AsSpan().IndexOf(Encoding.UTF8.GetBytes("masterKey")) < 0);
    }

    /// <summary>The framework might go on with a key that nobody else knows, and that ends with the process.</summary>
    [Fact]
    public async Task While_the_store_fails_nothing_is_protected()
    {
        await using ServiceProvider one = Process();
        _states.Failures.Enqueue(false);

        Assert.ThrowsAny<CryptographicException>(() => ProtectorOf(one).Protect("session"));

        Assert.Empty(await _states.ListAsync("", Ct));
    }

    private static IDataProtector ProtectorOf(ServiceProvider process) =>
        process.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private ServiceProvider Process(IStateStore? states = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(states ?? _states);
        services.AddSingleton(new FileSealer(new MasterKey(new byte[MasterKey.Size])));
        services.AddSharedProtectionKeys();
        return services.BuildServiceProvider();
    }

    /// <summary>The first readers wait for each other, and so all of them find nothing.</summary>
    private sealed class Meeting(IStateStore inner, Barrier together) : IStateStore
    {
        private bool _hasMet;

        public async Task<IReadOnlyList<StateVersion>> ListAsync(string prefix, CancellationToken cancellationToken)
        {
            IReadOnlyList<StateVersion> listed = await inner.ListAsync(prefix, cancellationToken);
            if (!_hasMet) together.SignalAndWait(cancellationToken);
            _hasMet = true;
            return listed;
        }

        public Task<StoredState?> ReadAsync(string name, CancellationToken cancellationToken) =>
            inner.ReadAsync(name, cancellationToken);

        public Task<string?> SaveAsync(
            string name, ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellationToken) =>
            inner.SaveAsync(name, content, expected, cancellationToken);

        public Task<bool> DeleteAsync(string name, string expected, CancellationToken cancellationToken) =>
            inner.DeleteAsync(name, expected, cancellationToken);
    }
}
