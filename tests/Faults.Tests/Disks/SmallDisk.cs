using System.Diagnostics;

namespace NumberLedger.Faults.Tests;

/// <summary>A disk in memory that is soon full, gone after the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Piece = 4_096;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nl-disk-");

    private SmallDisk()
    {
    }

    public string Path => _folder.FullName;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <param name="owner">Whose folder it is; null: of who runs the tests.</param>
    public static SmallDisk Mount(int mebibytes, string? owner = null)
    {
        var disk = new SmallDisk();
        bool isMounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            && TryRun("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=700", "none", disk.Path);
        if (!isMounted) disk._folder.Delete();
        Assert.SkipUnless(isMounted, "No disk in memory can be mounted by this user (it takes root).");
        if (owner is not null) Assert.True(TryRun("chown", owner, disk.Path));
        return disk;
    }

    /// <summary>Not a byte is left.</summary>
    public void Fill()
    {
        try
        {
            using var ballast = new FileStream(
                Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true) ballast.Write(new byte[Piece]);
        }
        catch (IOException)
        {
            // That is it.
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose()
    {
        TryRun("umount", "--lazy", Path);
        _folder.Delete();
    }

    private static bool TryRun(string command, params string[] arguments)
    {
        using Process process = Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
