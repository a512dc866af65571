using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Grains;
using NumberLedger.Silo;
using NumberLedger.Testing;

[assembly: AssemblyFixture(typeof(ApiHost))]

namespace NumberLedger.Api.Tests.Hosting;

/// <summary>
/// The program as it is served, on a port and in a folder of its own. One for all tests: each brings its own parties.
/// </summary>
public class ApiHost : IAsyncLifetime
{
    /// <summary>Blocks that tests were given: each gets numbers that nobody else uses.</summary>
    private static int _blocks;
    private static int _parties;

    private WebApplication? _app;
    private TestParty? _operator;

    /// <summary>Without a credential.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    /// <summary>The operator that the first start made.</summary>
    public TestParty Operator => _operator!;

    public CapturedLogs Logs { get; } = new();

    public IServiceProvider Services => _app!.Services;

    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("numberledger-api-");

    /// <summary>A reason for the process not to be ready, while it is set.</summary>
    public string? WhyNotReady { get; set; }

    public ValueTask InitializeAsync() => new(StartAsync());

    /// <summary>Ends the process and starts another in the same folder, on another port.</summary>
    public async Task RestartAsync()
    {
        Anonymous.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        var options = new ServeOptions(
            "http://127.0.0.1:0", Folder.FullName, ServeOptions.DefaultKeysOut(Folder.FullName));
        _app = LedgerHost.Build(options, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Logs);
            builder.Services.AddSingleton<IReadiness>(new Readiness(this));
            Customize(builder);
        });
        await _app.StartAsync();
        Anonymous = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        JsonNode keys = JsonNode.Parse(await File.ReadAllTextAsync(options.KeysOut))!;
        _operator = PartyOf("demo-operator", keys["operator"]!["key"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        Anonymous.Dispose();
        await WholeLedger.VerifyAsync(Services.GetRequiredService<ILedgerStore>(), default);
        await _app!.DisposeAsync();
        Folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A party that nobody else uses, with all scopes of its role.</summary>
    public async Task<TestParty> NewPartyAsync(string role)
    {
        string id = $"{role}-{Interlocked.Increment(ref _parties)}";
        await Operator.PostAsync("/v1/parties", new { id, name = $"The {role}", role }).ShouldBeAsync(201);
        Received made = await Operator.PostAsync($"/v1/parties/{id}/keys", new { }).ShouldBeAsync(201);
        return PartyOf(id, made.Text("key"));
    }

    /// <summary>A block of ten thousand Chinese mobile numbers that nobody else uses.</summary>
    public static TestBlock NewBlock() => new(861_380_000 + Interlocked.Increment(ref _blocks));

    /// <summary>A carrier, and a block that it reports on since 2020.</summary>
    public async Task<(TestParty Carrier, TestBlock Block)> NewCarrierAsync()
    {
        TestParty carrier = await NewPartyAsync("carrier");
        TestBlock block = NewBlock();
        await Operator.PostAsync(
            "/v1/ranges", new { carrier = carrier.Id, from = block.From, to = block.To, trackedSince = "2020-01-01" })
            .ShouldBeAsync(201);
        return (carrier, block);
    }

    public TestParty PartyOf(string id, string key) => new(id, key, ClientOf(key));

    protected virtual void Customize(WebApplicationBuilder builder) { }

    private HttpClient ClientOf(string key)
    {
        var client = new HttpClient { BaseAddress = Anonymous.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private sealed class Readiness(ApiHost host) : IReadiness
    {
        public string? WhyNotReady => host.WhyNotReady;
    }
}
