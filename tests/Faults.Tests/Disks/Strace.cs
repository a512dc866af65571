namespace NumberLedger.Faults.Tests;

/// <summary>What a process is run by so that its calls are seen, or fail.</summary>
/// <remarks>The process itself is the child, and strace one of its children: signals and waits meet the former.</remarks>
internal static class Strace
{
    private static readonly string? Program = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "strace")).FirstOrDefault(File.Exists);

    /// <summary>Writes one line for each sync, with the file that it is of, and one when a thread ends.</summary>
    public static string[] Syncs(string to) => Run("-y", "-o", to, "-e", "trace=fdatasync,fsync");

    /// <param name="fault">What happens instead, or before it: error=EIO, signal=KILL.</param>
    /// <param name="call">The first of a thread's is 1.</param>
    public static string[] AtSync(int call, string fault) => Run(
        "-o", "/dev/null", "-e", "trace=fdatasync", "-e", $"inject=fdatasync:{fault}:when={call}");

    private static string[] Run(params string[] options)
    {
        Assert.SkipWhen(Program is null, "strace is not installed.");
        return [Program!, "-D", "-f", "--seccomp-bpf", .. options];
    }
}
