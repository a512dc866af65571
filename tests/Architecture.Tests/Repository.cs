using System.ComponentModel;
using System.Diagnostics;

namespace NumberLedger.Architecture;

/// <summary>The checkout that these tests were built in.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    /// <summary>Every file that git tracks and that is there: paths from the root, with slashes.</summary>
    /// <remarks>Skips the calling test where there is no git or no checkout: an unpacked archive has neither.</remarks>
    public static IReadOnlyList<string> TrackedFiles() =>
        [.. Records("ls-files -z").Where(path => File.Exists(Full(path)))];

    /// <summary>The tracked files that may be run, by their mode in git.</summary>
    public static IReadOnlySet<string> ExecutableFiles() =>
        Records("ls-files -z --stage")
            .Where(line => line.StartsWith("100755", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..])
            .ToHashSet(StringComparer.Ordinal);

    public static string Full(string path) => Path.Combine(Root, path);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NumberLedger.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("These tests run inside their checkout only.");
    }

    private static string[] Records(string arguments)
    {
        // The checkout may belong to another user than the one who tests it, which git refuses unless told.
        var start = new ProcessStartInfo("git", $"-c safe.directory=* {arguments}")
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        try
        {
            using Process git = Process.Start(start)!;
            string output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            Assert.SkipUnless(git.ExitCode == 0, "Needs a git checkout: git ls-files failed here.");
            return output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Win32Exception)
        {
            Assert.Skip("Needs git, to know which files belong to the repository.");
            throw;
        }
    }
}
