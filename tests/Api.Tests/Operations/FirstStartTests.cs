using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Stores;
using NumberLedger.Testing;

namespace NumberLedger.Api.Tests.Operations;

/// <summary>A first start over a store that does not answer yet, as a database that has just been started.</summary>
public sealed class FirstStartTests(FirstStartTests.SlowHost host) : IClassFixture<FirstStartTests.SlowHost>
{
    [Fact]
    public async Task A_store_that_answers_only_after_a_while_is_waited_for()
    {
        Assert.True(host.Misses <= 0);
        await host.Operator.PostAsync("/v1/parties", new { id = "acme", name = "ACME", role = "lender" })
            .ShouldBeAsync(201);
    }

    public sealed class SlowHost : ApiHost
    {
        public int Misses { get; set; } = 3;

        protected override void Customize(WebApplicationBuilder builder) =>
            builder.Services.AddSingleton<ILedgerStore>(provider => new SlowStore(
                this, provider.GetRequiredService<SqliteLedgerStore>()));
    }

    private sealed class SlowStore(SlowHost host, SqliteLedgerStore inner) : WrappedStore(inner)
    {
        public override ValueTask<BlockHead[]> ReadHeadsAsync(
            IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken) => host.Misses-- > 0
            ? throw new StoreUnavailableException("It did not answer in time.")
            : base.ReadHeadsAsync(blocks, cancellationToken);
    }
}
