using System.Diagnostics;

namespace NumberLedger.Cli.Tests;

/// <summary>The program where a shell puts it: in pipes, and before files that take nothing.</summary>
internal static class Shell
{
    /// <param name="script">The program is <c>"$cli"</c>; the test's folder is where it runs.</param>
    public static async Task<Ended> RunAsync(FakeLedger ledger, TemporaryFolder folder, string script)
    {
        var start = new ProcessStartInfo("bash", ["--norc", "-c", script])
        {
            UseShellExecute = false,
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in ledger.Environment) start.Environment[name] = value;

        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["cli"] = Path.Combine(AppContext.BaseDirectory, "numberledger-cli");
        using Process bash = Process.Start(start)!;
        Task<string> error = bash.StandardError.ReadToEndAsync();
        string output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return new Ended(bash.ExitCode, output, await error);
    }
}
