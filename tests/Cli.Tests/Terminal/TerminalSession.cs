using System.Diagnostics;
using System.Text;

namespace NumberLedger.Cli.Tests;

/// <summary>
/// The program in a real terminal, typed in at a shell's prompt: a tmux server of one test, seen by nobody.
/// </summary>
/// <remarks>
/// The screen is cleared before each command, so all that stands there is what the program shows. The prompt tells how
/// many commands there were, and with what the last one ended: <c>[2:130]$</c>.
/// </remarks>
internal sealed class TerminalSession : IAsyncDisposable
{
    /// <summary>A machine that is this slow is broken, and so is what is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder _folder;
    private readonly Dictionary<string, string?> _environment;
    private int _commands;

    private TerminalSession(TemporaryFolder folder, Dictionary<string, string?> environment) =>
        (_folder, _environment) = (folder, environment);

    /// <summary>A shell in the test's folder, where the program is <c>numberledger</c>.</summary>
    /// <param name="more">Of the environment, beside where the ledger is.</param>
    public static async Task<TerminalSession> StartAsync(
        FakeLedger ledger, TemporaryFolder folder, int columns = 80, int rows = 24,
        params IEnumerable<(string Name, string Value)> more)
    {
        SkipWithoutTmux();
        string home = Directory.CreateDirectory(folder["home"]).FullName;
        File.CreateSymbolicLink(
            folder["home/" + CommandLine.Program], Path.Combine(AppContext.BaseDirectory, "numberledger-cli"));
        File.WriteAllText(
            folder["home/rc"], "PS1='[\\#:$?]$ '; unset HISTFILE; bind 'set enable-bracketed-paste off'\n");

        Dictionary<string, string?> environment = ledger.Environment;
        environment["PATH"] = $"{home}:{System.Environment.GetEnvironmentVariable("PATH")}";
        environment["HOME"] = home;
        environment["LANG"] = "C.UTF-8";
        environment["TERM"] = "xterm-256color";
        foreach ((string name, string value) in more) environment[name] = value;

        var terminal = new TerminalSession(folder, environment);
        await terminal.TmuxAsync(
            "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", "-c", folder.Path,
            $"exec bash --noprofile --rcfile {home}/rc -i");
        try
        {
            await terminal.UntilPromptAsync();
            return terminal;
        }
        catch
        {
            await terminal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Types a command, and leaves it running.</summary>
    public async Task BeginAsync(string command)
    {
        _commands++;
        await TmuxAsync("send-keys", "-l", "clear; " + command);
        await PressAsync("Enter");
    }

    /// <summary>Types a command.</summary>
    /// <returns>What it ended with.</returns>
    public async Task<int> RunAsync(string command)
    {
        await BeginAsync(command);
        return await UntilPromptAsync();
    }

    /// <param name="key">As tmux calls it: C-c.</param>
    public Task PressAsync(string key) => TmuxAsync("send-keys", key);

    public Task ResizeAsync(int columns, int rows) =>
        TmuxAsync("resize-window", "-x", $"{columns}", "-y", $"{rows}");

    /// <summary>Until the shell asks for the next command.</summary>
    /// <returns>What the last one ended with.</returns>
    public async Task<int> UntilPromptAsync()
    {
        string[] screen = await UntilAsync(lines => ExitCodeOf(lines) is not null);
        return ExitCodeOf(screen)!.Value;
    }

    /// <summary>Until the screen is as it should be.</summary>
    /// <returns>Its lines, without those of a prompt.</returns>
    public async Task<string[]> UntilAsync(Func<string[], bool> isAsExpected)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            string[] lines = await LinesAsync();
            if (isAsExpected(lines)) return lines;

            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                Assert.Fail("The screen did not become what it should:\n" + string.Join('\n', lines));
            }

            await Task.Delay(BetweenLooks, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What stands on the screen, line by line as it is broken there, less empty ones at the end.</summary>
    public async Task<string[]> LinesAsync() => Split(await TmuxAsync("capture-pane", "-p"));

    /// <summary>The same, with lines that ran over the edge in one.</summary>
    public async Task<string[]> UnbrokenLinesAsync() => Split(await TmuxAsync("capture-pane", "-p", "-J"));

    /// <summary>Also those that went out of sight above.</summary>
    public async Task<string[]> AllLinesAsync() => Split(await TmuxAsync("capture-pane", "-p", "-S", "-"));

    /// <summary>The same as the screen is, with the codes of its colours.</summary>
    public Task<string> ColouredAsync() => TmuxAsync("capture-pane", "-p", "-e");

    /// <summary>What tmux knows: <c>cursor_flag</c>, <c>history_size</c>.</summary>
    public async Task<string> AskAsync(string variable) =>
        (await TmuxAsync("display-message", "-p", $"#{{{variable}}}")).Trim();

    /// <summary>Nothing ran over the edge, and nothing was cut off there.</summary>
    public async Task AssertNothingIsBrokenAsync()
    {
        const string Between = "=";
        // In one request: what is shown may change from one to the next.
        string[] both = Split(await TmuxAsync(
            "capture-pane", "-p", ";", "display-message", "-p", Between, ";", "capture-pane", "-p", "-J"));
        int middle = Array.IndexOf(both, Between);

        Assert.Equal(Trimmed(both[(middle + 1)..]), Trimmed(both[..middle]));
    }

    public async ValueTask DisposeAsync()
    {
        using Process shell = Process.GetProcessById(int.Parse(await AskAsync("pane_pid")));
        await TmuxAsync("kill-server");
        await shell.WaitForExitAsync();
    }

    private int? ExitCodeOf(string[] lines)
    {
        string start = $"[{_commands + 1}:";
        return lines is [.., { } last] && last.StartsWith(start, StringComparison.Ordinal)
            && last.EndsWith("]$", StringComparison.Ordinal)
            ? int.Parse(last[start.Length..^2]) : null;
    }

    private static string[] Split(string screen) =>
        Trimmed([.. screen.Split('\n').Select(line => line.TrimEnd())]);

    private static string[] Trimmed(string[] lines) =>
        lines[..(Array.FindLastIndex(lines, line => line.Length > 0) + 1)];

    private async Task<string> TmuxAsync(params string[] command)
    {
        var start = new ProcessStartInfo(
            "tmux", ["-u", "-S", _folder["home/tmux"], "-f", "/dev/null", .. command])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (string name in start.Environment.Keys.Where(IsOfTheTester).ToArray()) start.Environment.Remove(name);
        foreach ((string name, string? value) in _environment) start.Environment[name] = value;

        using Process tmux = Process.Start(start)!;
        Task<string> error = tmux.StandardError.ReadToEndAsync();
        string output = await tmux.StandardOutput.ReadToEndAsync();
        await tmux.WaitForExitAsync();
        Assert.True(tmux.ExitCode == 0, $"tmux {string.Join(' ', command)}: {await error}");
        return output;
    }

    /// <summary>All of it, but what .NET needs to start.</summary>
    private static bool IsOfTheTester(string name) => !name.StartsWith("DOTNET_", StringComparison.Ordinal);

    private static void SkipWithoutTmux()
    {
        const string Reason = "tmux is not installed: nothing else here is a terminal.";
        bool isInstalled = System.Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "tmux")));
        if (!isInstalled && System.Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Reason);
        Assert.SkipUnless(isInstalled, Reason);
    }
}
