using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Grains;

namespace NumberLedger.Api.Tests.Http;

/// <summary>What nobody foresaw is a 500, and says nothing of what it was about.</summary>
public sealed class SurpriseTests(SurpriseTests.SurprisedHost host) : IClassFixture<SurpriseTests.SurprisedHost>
{
    private const string Number = "+8613844445555";

    [Fact]
    public async Task A_surprise_is_logged_without_numbers_and_answered_without_its_message()
    {
        TestParty lender = await host.NewPartyAsync("lender");

        host.IsSurprised = true;
        Received ours = await lender.PostAsync("/v1/checks", new { number = Number, purpose = "marketing" });
        Received camara = await lender.PostAsync(
            "/number-recycling/v0.2/check", new { phoneNumber = Number, specifiedDate = "2024-01-01" });
        host.IsSurprised = false;

        Assert.Equal((500, "internal"), (ours.Status, ours.Code));
        Assert.Equal((500, "INTERNAL"), (camara.Status, camara.Code));
        Assert.All([ours, camara], answer => Assert.DoesNotContain("Surprise", answer.Body, StringComparison.Ordinal));
        Assert.Contains(host.Logs.Lines, line => line.Contains("Surprised by (digits).", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Contains("13844445555", StringComparison.Ordinal));
    }

    public sealed class SurprisedHost : ApiHost
    {
        public bool IsSurprised { get; set; }

        protected override void Customize(WebApplicationBuilder builder)
        {
            ServiceDescriptor real = builder.Services.Last(service => service.ServiceType == typeof(IRegistryReader));
            builder.Services.AddSingleton<IRegistryReader>(provider => new Registry(
                this, (IRegistryReader)real.ImplementationFactory!(provider)));
        }

        private sealed class Registry(SurprisedHost host, IRegistryReader inner) : IRegistryReader
        {
            public ValueTask<RegistryState> ReadAsync(CancellationToken cancellationToken) => host.IsSurprised
                ? throw new InvalidOperationException($"Surprised by {Number}.")
                : inner.ReadAsync(cancellationToken);

            public KnownRegistry Known => inner.Known;

            public ValueTask<RegistryState> ReadSinceAsync(KnownRegistry known) => ReadAsync(CancellationToken.None);
        }
    }
}
