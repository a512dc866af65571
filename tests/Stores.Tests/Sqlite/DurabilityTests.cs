using System.Diagnostics;
using System.Text.RegularExpressions;

namespace NumberLedger.Stores.Tests;

/// <summary>
/// Durable at return. A killed process cannot show it, the kernel keeps its writes; the system calls can.
/// </summary>
public sealed partial class DurabilityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("append")]
    [InlineData("save")]
    public async Task The_log_is_synced_before_every_acknowledgement(string what)
    {
        const int Writes = 20;
        string strace = FindStrace();

        string[] calls = await TraceAsync(strace, [what, _folder.Path, $"{Writes}"]);

        int synced = 0, acknowledged = 0;
        foreach (string call in calls)
        {
            if (call == "sync") synced++;
            if (call != "acknowledged") continue;

            acknowledged++;
            Assert.True(synced > 0, $"Acknowledgement {acknowledged} of {Writes} came without a sync of the log.");
            synced = 0;
        }

        Assert.Equal(Writes, acknowledged);
    }

    private static string FindStrace()
    {
        string? strace = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "strace")).FirstOrDefault(File.Exists);
        const string Reason = "strace is not installed: nothing else can tell whether the log was synced.";
        if (strace is null && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Reason);
        Assert.SkipWhen(strace is null, Reason);
        return strace!;
    }

    /// <returns>
    /// "sync" when a sync of the write-ahead log ended, "acknowledged" when the child began to say so.
    /// </returns>
    private async Task<string[]> TraceAsync(string strace, string[] child)
    {
        string trace = _folder["trace"];
        using Process process = Child.Start(
            child, strace, "-f", "-y", "-o", trace, "-e", "trace=fdatasync,fsync,write");
        string said = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        Assert.True(process.ExitCode == 0, said);

        // A call that another thread interrupts takes two lines, and only the first names the file.
        var inSync = new HashSet<string>();
        var calls = new List<string>();
        foreach (string line in await File.ReadAllLinesAsync(trace, Ct))
        {
            string thread = line[..line.IndexOf(' ')];
            if (SyncOfLog().IsMatch(line)) inSync.Add(thread);
            if (line.Contains("sync", StringComparison.Ordinal) && line.EndsWith("= 0", StringComparison.Ordinal) &&
                inSync.Remove(thread))
            {
                calls.Add("sync");
            }

            if (Acknowledgement().IsMatch(line)) calls.Add("acknowledged");
        }

        return [.. calls];
    }

    [GeneratedRegex(@"f(data)?sync\(\d+<[^>]*ledger\.db-wal>")]
    private static partial Regex SyncOfLog();

    [GeneratedRegex(@"write\(\d+<[^>]*>, ""acknowledged\\n""")]
    private static partial Regex Acknowledgement();
}
