namespace NumberLedger.Bench.Compare;

/// <summary>A cluster of PostgreSQL of our own: fresh, reached through a Unix socket in its folder only.</summary>
internal sealed class PostgresCluster : IDisposable
{
    private const string Programs = "/usr/lib/postgresql/15/bin";
    private const string User = "postgres";

    /// <summary>As it comes. Durability is the default's: every commit is synced.</summary>
    public static readonly string[] Plain = [];

    /// <summary>
    /// For two cores and 24 GiB, with durability untouched: much memory, no JIT (it takes longer than it saves), no
    /// checkpoint in the middle of a run.
    /// </summary>
    public static readonly string[] Tuned =
    [
        "shared_buffers=4GB", "work_mem=1GB", "maintenance_work_mem=1GB", "effective_cache_size=16GB", "jit=off",
        "wal_level=minimal", "max_wal_senders=0", "wal_compression=lz4", "max_wal_size=32GB", "checkpoint_timeout=1h",
        "random_page_cost=1.1", "autovacuum=off",
    ];

    private readonly string _folder;
    private readonly Child _server;

    /// <param name="folder">Its parent is readable for all: the server runs as a user of its own.</param>
    public PostgresCluster(string folder, string[] settings)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        if (IsRoot) Child.Run("chown", User, folder);
        string data = Path.Combine(folder, "data");
        (string initdb, string[] before) = AsUser($"{Programs}/initdb");
        Child.Run(
            initdb,
            [
                .. before, "--pgdata", data, "--auth", "trust", "--username", User, "--encoding", "UTF8", "--locale", "C",
            ]);

        (string postgres, before) = AsUser($"{Programs}/postgres");
        string[] all = ["listen_addresses=", $"unix_socket_directories={folder}", .. settings];
        // SIGINT is its fast shutdown: sessions are ended, and it goes.
        _server = Child.Start(
            Path.Combine(Path.GetDirectoryName(folder)!, Path.GetFileName(folder) + ".log"), "INT", postgres,
            [.. before, "-D", data, .. all.SelectMany(setting => (string[])["-c", setting])]);
        Wait.Until(IsReady, () => _server.HasExited, "PostgreSQL");
    }

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>A folder that the server itself can write to.</summary>
    public string Folder => _folder;

    public void Run(string script) => Child.Run("psql", Arguments(script));

    /// <summary>Several sessions at once, to the end of the last.</summary>
    public void RunAtOnce(params string[] scripts) =>
        Task.WaitAll([.. scripts.Select(script => Task.Run(() => Run(script)))]);

    public void Dispose() => _server.Dispose();

    private bool IsReady()
    {
        try
        {
            Child.Run("psql", ["-h", _folder, "-U", User, "-d", "postgres", "-c", "select 1"]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private string[] Arguments(string script) =>
        ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", _folder, "-U", User, "-d", "postgres", "-f", script];

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static (string Program, string[] Before) AsUser(string program) => IsRoot
        ? ("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", program])
        : (program, []);
}
