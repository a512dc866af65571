using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Grains;

namespace NumberLedger.Api.Tests.Access;

/// <summary>
/// An answer is made by the registry as a process knows it, and given by the registry as it is: another process may
/// have changed it.
/// </summary>
public sealed class LateRegistryTests(LateRegistryTests.LateHost host) : IClassFixture<LateRegistryTests.LateHost>
{
    private static readonly object Asked = new { number = "+8613844445556", purpose = "marketing" };

    [Fact]
    public async Task A_key_that_was_revoked_since_gets_no_answer()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        await lender.PostAsync("/v1/checks", Asked).ShouldBeAsync(200);
        Received keys = await host.Operator.GetAsync($"/v1/parties/{lender.Id}/keys").ShouldBeAsync(200);

        host.Stops();
        await host.Operator.DeleteAsync($"/v1/parties/{lender.Id}/keys/{keys.Text("keys/0/keyId")}").ShouldBeAsync(204);
        Received check = await lender.PostAsync("/v1/checks", Asked);
        host.GoesOn();

        Assert.Equal((401, "credential-invalid"), (check.Status, check.Code));
        Assert.DoesNotContain("verdict", check.Body, StringComparison.Ordinal);
        Assert.Contains("invalid_token", $"{check.Headers.WwwAuthenticate}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_made_since_is_let_in()
    {
        host.Stops();
        TestParty lender = await host.NewPartyAsync("lender");
        Received check = await lender.PostAsync("/v1/checks", Asked);
        host.GoesOn();

        Assert.Equal("deny", check.Text("verdict"));
        Assert.Empty(check.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task A_key_stays_good_though_another_was_made_since()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        await lender.PostAsync("/v1/checks", Asked).ShouldBeAsync(200);

        host.Stops();
        await host.NewPartyAsync("lender");
        Received check = await lender.PostAsync("/v1/checks", Asked);
        host.GoesOn();

        Assert.Equal("deny", check.Text("verdict"));
    }

    public sealed class LateHost : ApiHost
    {
        private KnownRegistry? _stopped;
        private IRegistryReader? _registry;

        /// <summary>The process hears no more of what becomes of the registry, but by asking for it.</summary>
        public void Stops() => _stopped = _registry!.Known;

        public void GoesOn() => _stopped = null;

        protected override void Customize(WebApplicationBuilder builder)
        {
            ServiceDescriptor real = builder.Services.Last(service => service.ServiceType == typeof(IRegistryReader));
            builder.Services.AddSingleton<IRegistryReader>(provider =>
            {
                _registry = (IRegistryReader)real.ImplementationFactory!(provider);
                return new Registry(this, _registry);
            });
        }

        private sealed class Registry(LateHost host, IRegistryReader inner) : IRegistryReader
        {
            public KnownRegistry Known => host._stopped ?? inner.Known;

            public ValueTask<RegistryState> ReadAsync(CancellationToken cancellationToken) =>
                inner.ReadAsync(cancellationToken);

            public ValueTask<RegistryState> ReadSinceAsync(KnownRegistry known) => inner.ReadSinceAsync(known);
        }
    }
}
