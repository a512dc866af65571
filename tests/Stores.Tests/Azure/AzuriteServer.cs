using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NumberLedger.Testing;

/// <summary>Azurite's tables, installed by npm into a folder of their own, as a process of this one.</summary>
/// <remarks>
/// Never killed in the middle of a test: it acknowledges what it has not saved. It ends with this process, however that
/// ends: a shell stands between the two, and waits for the end of its input.
/// </remarks>
internal sealed class AzuriteServer
{
    private const string Account = "ledger";
    private const string Shell = "\"$@\" & cat > /dev/null; kill $!";

    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(1);
    private static readonly string Key = Convert.ToBase64String(new byte[64]);
    private static readonly Lazy<Task<AzuriteServer>> TheShared = new(StartAsync);

    private readonly Process _process;

    private AzuriteServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string ConnectionString => ConnectionStringTo(Port);

    /// <summary>One for all tests: each has tables of its own.</summary>
    public static Task<AzuriteServer> SharedAsync() => TheShared.Value;

    /// <param name="port">Of the server, or of what stands before it.</param>
    public static string ConnectionStringTo(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"TableEndpoint=http://127.0.0.1:{port}/{Account}";

    private static async Task<AzuriteServer> StartAsync()
    {
        string folder = await InstallAsync();
        int port = FreePort();
        string program = Path.Combine(folder, "node_modules", "azurite", "dist", "src", "table", "main.js");
        Process process = Start(
            folder,
            [
                "sh", "-c", Shell, "sh", "node", program, "--inMemoryPersistence", "--tableHost", "127.0.0.1",
                "--tablePort", $"{port}", "--silent", "--disableTelemetry",
            ]);
        var said = new ConcurrentQueue<string>();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Task.WhenAny(started.Task, Task.Delay(StartMax));
        Assert.True(started.Task.IsCompletedSuccessfully, $"Azurite did not start. {string.Join('\n', said)}");
        var server = new AzuriteServer(process, port);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.End();
        return server;

        void Hear(string? line)
        {
            if (line is null) return;

            said.Enqueue(line);
            if (line.Contains("successfully", StringComparison.Ordinal)) started.TrySetResult();
        }
    }

    /// <summary>Once for each version, also if several test programs begin at the same time.</summary>
    private static async Task<string> InstallAsync()
    {
        Assert.SkipUnless(IsInstalled("node") && IsInstalled("npm"), "Node.js and npm are not installed.");
        string artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));
        DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(artifacts, "azurite"));
        await using FileStream mine = await HoldAsync(Path.Combine(folder.FullName, "lock"));
        string wanted = Path.Combine(AppContext.BaseDirectory, "azurite");
        string done = Path.Combine(folder.FullName, "installed.json");
        string versions = await File.ReadAllTextAsync(Path.Combine(wanted, "package-lock.json"));
        if (File.Exists(done) && await File.ReadAllTextAsync(done) == versions) return folder.FullName;

        foreach (string file in Directory.GetFiles(wanted))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)), overwrite: true);
        }

        using Process npm = Start(folder.FullName, ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        npm.StandardInput.Close();
        Task<string> output = npm.StandardOutput.ReadToEndAsync();
        string error = await npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync();
        Assert.True(npm.ExitCode == 0, $"npm could not install Azurite. {await output} {error}");
        await File.WriteAllTextAsync(done, versions);
        return folder.FullName;
    }

    private static bool IsInstalled(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists(Path.Combine(path, program)));

    private static async Task<FileStream> HoldAsync(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(100); // Another program installs it.
            }
        }
    }

    private static Process Start(string folder, string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["AZURITE_ACCOUNTS"] = $"{Account}:{Key}";
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private void End()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(TimeSpan.FromSeconds(5));
    }
}
