using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Bench.HiddenRetries;
using Orleans.Configuration;
using Orleans.TestingHost;

// What one opt-out does while the store refuses writes, and what its caller is told. See docs/adr, number 1.

TimeSpan callerWaits = TimeSpan.FromSeconds(3);
TimeSpan writesFail = TimeSpan.FromSeconds(8);

var builder = new InProcessTestClusterBuilder(initialSilosCount: 1) { Options = { ConfigureFileLogging = false } };
builder.ConfigureSilo((_, silo) => silo
    .AddCustomStorageBasedLogConsistencyProvider("CustomStorage")
    .Services
    .AddKeyedSingleton<OutageStore>("journaled")
    .AddKeyedSingleton<OutageStore>("plain"));
builder.ConfigureClient(client =>
    client.Services.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = callerWaits));

await using InProcessTestCluster cluster = builder.Build();
await cluster.DeployAsync();

foreach (string kind in (string[])["journaled", "plain"]) await ShowAsync(kind);

async Task ShowAsync(string kind)
{
    OutageStore store = cluster.GetSiloServiceProvider().GetRequiredKeyedService<OutageStore>(kind);
    IOptOutGrain grain = cluster.Client.GetGrain<IOptOutGrain>(GrainId.Create(kind, "number"));
    await grain.OptOutAsync();
    int attemptsBefore = store.Attempts;

    store.WritesFail = true;
    var clock = Stopwatch.StartNew();
    string told = await CallAsync(grain);
    TimeSpan toldAfter = clock.Elapsed;
    await Task.Delay(writesFail - clock.Elapsed);
    int attempts = store.Attempts - attemptsBefore;
    TimeSpan outage = clock.Elapsed;

    store.WritesFail = false;
    await Task.Delay(TimeSpan.FromSeconds(2));
    int storedLater = store.ReadVersion() - 1;
    string toldAgain = await CallAsync(grain);

    Console.WriteLine($"""
        {kind}
          the caller is told            {told}, after {toldAfter.TotalSeconds:F1} s
          write attempts in the outage  {attempts:N0}, in {outage.TotalSeconds:F1} s
          stored after that, unasked    {storedLater}
          the caller sends it again     {toldAgain}
          opt-outs stored for one       {store.ReadVersion() - 1}
        """);
}

static async Task<string> CallAsync(IOptOutGrain grain)
{
    try
    {
        await grain.OptOutAsync();
        return "done";
    }
    catch (Exception e)
    {
        return e.GetType().Name;
    }
}
