using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
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

    private ServiceProvider Process(InMemoryStates? states = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IStateStore>(states ?? _states);
        services.AddSingleton(new FileSealer(new MasterKey(new byte[MasterKey.Size])));
        services.AddSharedProtectionKeys();
        return services.BuildServiceProvider();
    }
}
