using System.Diagnostics;
using Npgsql;

namespace NumberLedger.Testing;

/// <summary>A real PostgreSQL in a folder of its own, reached through a socket there. It refuses to be root.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Owner = "postgres";

    private static readonly string? Binaries =
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal)
                .Select(path => path + "/bin").LastOrDefault(path => File.Exists(path + "/postgres"))
            : null;

    private static readonly Lazy<Task<PostgresServer>> TheShared = new(async () =>
    {
        PostgresServer server = await StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Abandon();
        return server;
    });

    private readonly DirectoryInfo _folder;
    private readonly string[] _settings;
    private readonly string? _address;
    private Process? _process;

    private PostgresServer(string[] settings, string? address, string? folder = null)
    {
        (_settings, _address) = (settings, address);
        _folder = folder is null
            ? Directory.CreateTempSubdirectory("nl-pg-")
            : Directory.CreateDirectory(Path.Combine(folder, "server"));
    }

    /// <summary>One for all tests that do it no harm.</summary>
    public static Task<PostgresServer> SharedAsync() => TheShared.Value;

    public static bool IsInstalled => Binaries is not null;

    public string ConnectionString => $"Host={_folder.FullName};Username={Owner};Database=postgres";

    /// <summary>For who reaches it by the network.</summary>
    public string ConnectionStringOfNetwork => $"Host={_address};Username={Owner};Database=postgres";

    /// <param name="settings">As after -c: fsync=off.</param>
    public static Task<PostgresServer> StartAsync(params string[] settings) => MakeAsync(new(settings, address: null));

    /// <summary>Also at an address of the network, for everybody.</summary>
    public static Task<PostgresServer> ListenAsync(string address, params string[] settings) =>
        MakeAsync(new([$"listen_addresses={address}", .. settings], address));

    /// <summary>All that it keeps is in a folder there, its log too, of which it keeps little.</summary>
    public static Task<PostgresServer> StartInAsync(string folder) =>
        MakeAsync(new(["min_wal_size=2MB", "max_wal_size=4MB"], address: null, folder), "--wal-segsize=1");

    private static async Task<PostgresServer> MakeAsync(PostgresServer server, params string[] options)
    {
        Assert.SkipUnless(IsInstalled, "PostgreSQL is not installed.");
        string data = Path.Combine(server._folder.FullName, "data");
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", Owner, server._folder.FullName);
        await RunAsync(AsOwner(
            [$"{Binaries}/initdb", "-D", data, "-U", Owner, "-A", "trust", "--no-sync", "-E", "UTF8", .. options]));
        if (server._address is not null)
        {
            await File.AppendAllTextAsync(Path.Combine(data, "pg_hba.conf"), "host all all samenet trust\n");
        }

        await server.StartAsync();
        return server;
    }

    /// <summary>It does so by itself when its log cannot be written.</summary>
    public bool HasEnded => _process is null or { HasExited: true };

    public async Task StartAsync()
    {
        string[] command = AsOwner(
        [
            $"{Binaries}/postgres", "-D", Path.Combine(_folder.FullName, "data"), "-k", _folder.FullName,
            "-c", "listen_addresses=", .. _settings.SelectMany(setting => new[] { "-c", setting }),
        ]);
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (!_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    public System.Net.EndPoint Socket =>
        new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, ".s.PGSQL.5432"));

    /// <summary>Reads, and waits for a primary that is not there.</summary>
    public async Task RestartAsStandbyAsync()
    {
        await StopImmediatelyAsync();
        string signal = Path.Combine(_folder.FullName, "data", "standby.signal");
        await File.WriteAllTextAsync(signal, "");
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", Owner, signal);
        await StartAsync();
    }

    /// <summary>To all of its processes: STOP, and it hangs; CONT, and it goes on.</summary>
    public async Task SignalAsync(string signal)
    {
        string main = await MainProcessAsync();
        string children = await File.ReadAllTextAsync($"/proc/{main}/task/{main}/children");
        await RunAsync(["kill", "-" + signal, main, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>As pg_ctl stop -m immediate: no checkpoint, what is under way is lost.</summary>
    public async Task StopImmediatelyAsync()
    {
        await RunAsync("kill", "-QUIT", await MainProcessAsync());
        await _process!.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await StopImmediatelyAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>At the end of the process, when nothing can be awaited any more.</summary>
    private void Abandon()
    {
        _process!.Kill(); // Its own processes end with it.
        _process.WaitForExit(TimeSpan.FromSeconds(2));
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // One of them was still writing.
        }
    }

    private async Task<string> MainProcessAsync() =>
        (await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "data", "postmaster.pid")))[0];

    private static string[] AsOwner(string[] command) => Environment.IsPrivilegedProcess
        ? ["setpriv", $"--reuid={Owner}", $"--regid={Owner}", "--clear-groups", .. command]
        : command;

    private static async Task<string> RunAsync(params string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command[0]}: {await output} {error}");
        return await output;
    }
}
