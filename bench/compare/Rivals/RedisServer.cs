namespace NumberLedger.Bench.Compare;

/// <summary>A Redis of our own: in memory only, reached through a Unix socket.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly Child _server;

    public RedisServer(string folder)
    {
        Directory.CreateDirectory(folder);
        Socket = Path.Combine(folder, "redis.sock");
        _server = Child.Start(
            folder + ".log", "TERM", "redis-server", "--port", "0", "--unixsocket", Socket, "--save", "",
            "--appendonly", "no", "--dir", folder);
        Wait.Until(() => File.Exists(Socket), () => _server.HasExited, "Redis");
    }

    public string Socket { get; }

    public void Dispose() => _server.Dispose();
}
