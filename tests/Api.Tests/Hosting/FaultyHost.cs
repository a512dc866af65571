using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Stores;
using NumberLedger.Testing;

namespace NumberLedger.Api.Tests.Hosting;

/// <summary>
/// The program over a store that can be made to fail; for the tests of one class, which run one by one.
/// </summary>
public sealed class FaultyHost : ApiHost
{
    internal FaultyStore Store => Services.GetRequiredService<FaultyStore>();

    protected override void Customize(WebApplicationBuilder builder)
    {
        // A test may keep a body back for as long as it likes.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinRequestBodyDataRate = null);
        builder.Services.AddSingleton(
            provider => new FaultyStore(provider.GetRequiredService<SqliteLedgerStore>()));
        builder.Services.AddSingleton<ILedgerStore>(provider => provider.GetRequiredService<FaultyStore>());
        builder.Services.AddSingleton<IClaimStore>(provider => provider.GetRequiredService<FaultyStore>());
        builder.Services.AddSingleton<ISnapshotStore>(provider => provider.GetRequiredService<FaultyStore>());
    }
}
