using System.Text.RegularExpressions;

namespace NumberLedger.Faults.Tests;

/// <summary>What a process is run by so that its calls are seen, or fail.</summary>
/// <remarks>
/// The process itself is the child, and strace one of its children: signals and waits meet the former.
/// </remarks>
internal static class Strace
{
    /// <summary>Which of them SQLite calls is a matter of how it was built.</summary>
    private const string SyncCalls = "fdatasync,fsync";

    private static readonly string? Program = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "strace")).FirstOrDefault(File.Exists);

    /// <summary>Writes one line for each sync, with the file that it is of, and one when a thread ends.</summary>
    public static string[] Syncs(string to) => Run("-y", "-o", to, "-e", $"trace={SyncCalls}");

    /// <summary>Is told that the disk failed.</summary>
    public const string Fails = "error=EIO";

    /// <summary>Is killed before it has synced.</summary>
    public const string Kills = "error=EIO:signal=KILL";

    /// <summary>What it writes where the fault was.</summary>
    public const string Struck = "(INJECTED)";

    /// <param name="to">As for <see cref="Syncs"/>.</param>
    /// <param name="call">The first of a thread's is 1.</param>
    /// <param name="fault">What happens then.</param>
    /// <param name="file">Only its syncs count; null: all.</param>
    public static string[] AtSync(string to, int call, string fault, string? file = null) => Run(
    [
        "-o", to, "-e", $"trace={SyncCalls}", "-e", $"inject={SyncCalls}:{fault}:when={call}",
        .. file is null ? (string[])[] : ["-P", file],
    ]);

    /// <summary>What it wrote about a process that has ended, to the last line.</summary>
    public static async Task<string> ReadAsync(string from, LedgerProcess ended)
    {
        var last = new Regex($@"^{ended.Id} +\+\+\+", RegexOptions.Multiline);
        while (true)
        {
            string text = await File.ReadAllTextAsync(from, TestContext.Current.CancellationToken);
            if (last.IsMatch(text)) return text;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static string[] Run(params string[] options)
    {
        Assert.SkipWhen(Program is null, "strace is not installed.");
        return [Program!, "-D", "-f", "--seccomp-bpf", .. options];
    }
}
