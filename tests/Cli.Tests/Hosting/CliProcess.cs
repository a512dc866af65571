using System.Diagnostics;
using System.Text;

namespace NumberLedger.Cli.Tests;

/// <summary>What the program ended with.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error);

/// <summary>The program as it was built, as a process of its own. Its outputs are no terminals.</summary>
internal sealed class CliProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task<string> _output;
    private readonly Task _errors;

    private CliProcess(IReadOnlyDictionary<string, string?> environment, string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "numberledger-cli"), args)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string name in new[] { "LC_ALL", "LC_MESSAGES", "NUMBERLEDGER_SERVER", "NUMBERLEDGER_KEY" })
        {
            start.Environment.Remove(name);
        }

        start.Environment["LANG"] = "C.UTF-8";
        foreach ((string name, string? value) in environment) start.Environment[name] = value;

        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = Task.Run(HearErrorsAsync);
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public static CliProcess Start(IReadOnlyDictionary<string, string?> environment, params string[] args) =>
        new(environment, args);

    /// <summary>Without a server, or a key.</summary>
    public static Task<Ended> RunAsync(params string[] args) => RunAsync(new Dictionary<string, string?>(), args);

    public static async Task<Ended> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        await using var program = new CliProcess(environment, args);
        program._process.StandardInput.Close();
        return await program.EndAsync();
    }

    /// <summary>As Ctrl-C does.</summary>
    public void Interrupt()
    {
        using Process kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>It has said this on standard error, or ends without.</summary>
    public async Task<bool> HasSaidAsync(string text)
    {
        while (!_errors.IsCompleted)
        {
            lock (_error)
            {
                if (_error.ToString().Contains(text, StringComparison.Ordinal)) return true;
            }

            await Task.Yield();
        }

        return _error.ToString().Contains(text, StringComparison.Ordinal);
    }

    public async Task<Ended> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _errors;
        return new Ended(_process.ExitCode, await _output, _error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task HearErrorsAsync()
    {
        char[] buffer = new char[1024];
        int count;
        while ((count = await _process.StandardError.ReadAsync(buffer)) > 0)
        {
            lock (_error) _error.Append(buffer, 0, count);
        }
    }
}
