namespace NumberLedger.Faults.Tests;

/// <summary>A way in which a cluster breaks, and how that ends.</summary>
/// <param name="Break">Given the node that it is about, if it is about one.</param>
internal sealed record Breakage(string Name, Func<Cluster, int, Task> Break, Func<Cluster, int, Task> Mend)
{
    public static readonly Breakage
        NodeKilled = new("kill -9 of a node", (cluster, node) => cluster.KillAsync(node), StartAsync),
        NodeHangs = new("a node hangs", Signal("STOP"), Signal("CONT")),
        NodeCutOff = new("a node is cut off from all", Cut(fromPeers: true, fromStores: true), HealAsync),
        NodeCutFromPeers = new(
            "a node is cut off from its peers alone", Cut(fromPeers: true, fromStores: false), HealAsync),
        NodeCutFromStores = new(
            "a node is cut off from the stores alone", Cut(fromPeers: false, fromStores: true), HealAsync),
        NodesKilled = new("all nodes are killed", KillAllAsync, StartAllAsync),
        PostgresKilled = new(
            "PostgreSQL is killed", (cluster, _) => cluster.Postgres.StopImmediatelyAsync(),
            (cluster, _) => cluster.Postgres.StartAsync()),
        PostgresHangs = new(
            "PostgreSQL hangs", (cluster, _) => cluster.Postgres.SignalAsync("STOP"),
            (cluster, _) => cluster.Postgres.SignalAsync("CONT")),
        RedisForgets = new(
            "Redis is killed, and forgets all", (cluster, _) => cluster.Redis.KillAsync(),
            (cluster, _) => cluster.Redis.RestartAsync());

    private static Func<Cluster, int, Task> Signal(string signal) => (cluster, node) =>
    {
        cluster.Process(node).Signal(signal);
        return Task.CompletedTask;
    };

    private static Func<Cluster, int, Task> Cut(bool fromPeers, bool fromStores) => (cluster, node) =>
    {
        cluster.Cut(node, fromPeers, fromStores);
        return Task.CompletedTask;
    };

    private static Task HealAsync(Cluster cluster, int node)
    {
        cluster.Heal(node);
        return Task.CompletedTask;
    }

    private static Task StartAsync(Cluster cluster, int node)
    {
        cluster.StartNode(node);
        return Task.CompletedTask;
    }

    private static Task KillAllAsync(Cluster cluster, int node) =>
        Task.WhenAll(Enumerable.Range(0, cluster.Nodes).Select(cluster.KillAsync));

    private static Task StartAllAsync(Cluster cluster, int node)
    {
        for (int each = 0; each < cluster.Nodes; each++) cluster.StartNode(each);
        return Task.CompletedTask;
    }
}
