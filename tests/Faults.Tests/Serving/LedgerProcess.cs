using System.Collections.Concurrent;
using System.Diagnostics;

namespace NumberLedger.Faults.Tests;

/// <summary>A program as it was built, as a process of its own: the server's, or the client's.</summary>
internal sealed class LedgerProcess : IAsyncDisposable
{
    private const string Announcement = "NumberLedger serves at ";

    private static readonly string Client = Path.Combine(AppContext.BaseDirectory, "numberledger-cli");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource<Uri?> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LedgerProcess(string[] command, IReadOnlyDictionary<string, string?> environment)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach ((string name, string? value) in environment) _process.StartInfo.Environment[name] = value;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "numberledger");

    /// <summary>Where it serves; null if it ended before it did.</summary>
    public Task<Uri?> Address => _address.Task;

    /// <summary>Both of its outputs so far.</summary>
    public string Said => string.Join('\n', _said);

    /// <summary>On a free port.</summary>
    /// <param name="store">The connection string of its database; null: its ledger is in the folder.</param>
    /// <param name="bug">One of <see cref="SeededBug"/>; null: the program as it was built.</param>
    /// <param name="under">What it is to be run by.</param>
    public static LedgerProcess Serve(
        string folder, string? store = null, string? bug = null, params string[] under) => new(
        [
            .. under, .. bug is null ? [Program] : SeededBug.Program(bug),
            "serve", "--urls", "http://127.0.0.1:0", "--data", folder,
            "--keys-out", Path.Combine(folder, "keys.json"),
        ],
        StoredIn(store));

    /// <summary>A verb of the server's program that is not waited for.</summary>
    public static LedgerProcess Start(params string[] args) => new([Program, .. args], StoredIn(null));

    /// <param name="command">The program with its arguments, and what it is to be run by.</param>
    public static LedgerProcess Start(string[] command, IReadOnlyDictionary<string, string?> environment) =>
        new(command, environment);

    public static Task<(int ExitCode, string Said)> RunAsync(params string[] args) => RunWithAsync((string?)null, args);

    public static Task<(int ExitCode, string Said)> RunWithAsync(string? store, params string[] args) =>
        RunWithAsync(StoredIn(store), args);

    public static async Task<(int ExitCode, string Said)> RunWithAsync(
        IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        await using var program = new LedgerProcess([Program, .. args], environment);
        return (await program.EndAsync(), program.Said);
    }

    /// <summary>A verb of the client's program.</summary>
    public static async Task<(int ExitCode, string Said)> RunClientAsync(params string[] args)
    {
        await using var program = new LedgerProcess([Client, .. args], StoredIn(null));
        return (await program.EndAsync(), program.Said);
    }

    public bool HasEnded => _process.HasExited;

    public int Id => _process.Id;

    /// <summary>As <c>kill -9</c>: it does nothing any more from here on.</summary>
    public void Kill() => _process.Kill();

    /// <summary>As a service manager, or Ctrl-C, ends it.</summary>
    public void Terminate() => Signal("TERM");

    /// <param name="signal">STOP, and it hangs; CONT, and it goes on.</param>
    public void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Dictionary<string, string?> StoredIn(string? store) => new() { ["LEDGER__STORE"] = store };

    private void Hear(string? line)
    {
        if (line is null)
        {
            _address.TrySetResult(null);
        }
        else if (line.StartsWith(Announcement, StringComparison.Ordinal))
        {
            _address.TrySetResult(new Uri(line[Announcement.Length..]));
        }

        Note(line);
    }

    private void Note(string? line)
    {
        if (line is not null) _said.Enqueue(line);
    }
}
