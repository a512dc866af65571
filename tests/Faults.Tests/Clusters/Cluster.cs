using System.Text;
using System.Text.Json.Nodes;
using NumberLedger.Testing;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// Processes of one ledger, each on a machine of its own, over a real PostgreSQL and a real Redis.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>As a history names it.</summary>
    public const string FirstLender = "lender-1";

    private const string CarrierId = "carrier-1";

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    private readonly Network _network;
    private readonly DataFolder _folder = new();
    private readonly LedgerProcess?[] _nodes;
    private readonly Func<int, string?> _bugOf;

    private Cluster(Network network, PostgresServer postgres, RedisServer redis, int nodes, Func<int, string?> bugOf)
    {
        (_network, Postgres, Redis, _bugOf) = (network, postgres, redis, bugOf);
        _nodes = new LedgerProcess?[nodes];
        Wire = new Wire(AddressOf);
    }

    public PostgresServer Postgres { get; }
    public RedisServer Redis { get; }
    public Wire Wire { get; }
    public int Nodes => _nodes.Length;
    public string Operator { get; private set; } = "";
    public string Lender { get; private set; } = "";
    public string SecondLender { get; private set; } = "";
    public string Carrier { get; private set; } = "";

    /// <param name="bug">One of <see cref="SeededBug"/>, in every process; null: the program as it was built.</param>
    public static Task<Cluster> StartAsync(int nodes = 3, string? bug = null) => StartAsync(nodes, _ => bug);

    /// <param name="bugOf">Of each process.</param>
    public static async Task<Cluster> StartAsync(int nodes, Func<int, string?> bugOf)
    {
        var network = Network.Create(nodes);
        PostgresServer postgres = await PostgresServer.ListenAsync(network.StoreAddress);
        RedisServer redis = await RedisServer.StartAsync(network.StoreAddress);
        var cluster = new Cluster(network, postgres, redis, nodes, bugOf);
        try
        {
            await cluster.StartAllAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The carrier reports on these numbers.</summary>
    public async Task CoverAsync(string from, string to) => await Wire.MustAsync(
        0, HttpMethod.Post, "/v1/ranges", Operator, new JsonObject
        {
            ["carrier"] = CarrierId,
            ["from"] = from,
            ["to"] = to,
            ["trackedSince"] = "2020-01-01",
        });

    public Uri AddressOf(int node) => new($"http://{_network.AddressOf(node)}:5080");

    public LedgerProcess Process(int node) => _nodes[node] ?? throw new InvalidOperationException("It does not run.");

    public void StartNode(int node)
    {
        string[] program = _bugOf(node) is { } bug ? SeededBug.Program(bug) : [LedgerProcess.Program];
        _nodes[node] = LedgerProcess.Start(
            [
                .. _network.On(node), .. program,
                "serve", "--urls", AddressOf(node).ToString(), "--data", _folder[$"node-{node}"],
            ],
            Environment(node));
    }

    public async Task KillAsync(int node)
    {
        if (_nodes[node] is { } process) await process.DisposeAsync();
        _nodes[node] = null;
    }

    /// <summary>
    /// Waits for it, and starts it again whenever it has ended, as a service manager does: one that finds that the
    /// others did without it ends by itself.
    /// </summary>
    public async Task ReadyAsync(int node)
    {
        DateTime late = DateTime.UtcNow + StartPatience;
        var earlier = new StringBuilder();
        (int status, JsonNode? said) = await AskAsync();
        while (status != 200)
        {
            if (DateTime.UtcNow > late)
            {
                Assert.Fail($"Node {node} does not become ready: {status} {said} {earlier} {_nodes[node]?.Said}");
            }

            if (_nodes[node] is { HasEnded: true } ended)
            {
                earlier.AppendLine($"It ended with {await ended.EndAsync()}: {ended.Said}");
                await KillAsync(node);
                StartNode(node);
            }

            await Task.Delay(50);
            (status, said) = await AskAsync();
        }

        Task<(int, JsonNode?)> AskAsync() => Wire.AskAsync(node, HttpMethod.Get, "/health/ready", null);
    }

    /// <summary>See <see cref="Network.Cut"/>.</summary>
    public void Cut(int node, bool fromPeers = true, bool fromStores = true) =>
        _network.Cut(node, fromPeers, fromStores);

    public void Heal(int node) => _network.Heal(node);

    /// <summary>Whether the ledger, as it is stored, is sound: 0 and what was said.</summary>
    public Task<(int ExitCode, string Said)> FsckAsync() =>
        LedgerProcess.RunWithAsync(Environment(0), "fsck", "--data", _folder["operator"]);

    public async ValueTask DisposeAsync()
    {
        for (int i = 0; i < Nodes; i++) await KillAsync(i);
        Wire.Dispose();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
        _network.Dispose();
        _folder.Dispose();
    }

    private async Task StartAllAsync()
    {
        (int exitCode, string said) = await LedgerProcess.RunWithAsync(
            Environment(0), "store", "operator-key", "--data", _folder["operator"]);
        Assert.True(exitCode == 0, said);
        Operator = said.Split('\n').Single(line => line.StartsWith("nl_", StringComparison.Ordinal));

        for (int i = 0; i < Nodes; i++) StartNode(i);
        for (int i = 0; i < Nodes; i++) await ReadyAsync(i);
        Lender = await KeyOfNewAsync(FirstLender, "lender");
        SecondLender = await KeyOfNewAsync("lender-2", "lender");
        Carrier = await KeyOfNewAsync(CarrierId, "carrier");
    }

    private Dictionary<string, string?> Environment(int node) => new()
    {
        ["LEDGER__STORE"] = Postgres.ConnectionStringOfNetwork,
        ["LEDGER__MEMBERS"] = Redis.ConnectionString,
        ["LEDGER__ADDRESS"] = _network.AddressOf(node),
        ["LEDGER__MASTERKEY"] = new string('7', 64),
    };

    private async Task<string> KeyOfNewAsync(string party, string role)
    {
        await Wire.MustAsync(0, HttpMethod.Post, "/v1/parties", Operator, new JsonObject
        {
            ["id"] = party,
            ["name"] = party,
            ["role"] = role,
        });
        JsonNode? made = await Wire.MustAsync(
            0, HttpMethod.Post, $"/v1/parties/{party}/keys", Operator, new JsonObject());
        return made!["key"]!.GetValue<string>();
    }
}
