using System.Diagnostics;

namespace NumberLedger.Bench;

internal static class Disk
{
    /// <summary>
    /// What no store that syncs once per commit can pass: a page written at the end of a file and synced, again and
    /// again.
    /// </summary>
    public static double SyncsPerSecond(string folder, TimeSpan time)
    {
        using var file = new FileStream(
            Path.Combine(folder, "sync"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[4_096];
        int count = 0;
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < time; count++)
        {
            file.Write(page);
            file.Flush(flushToDisk: true);
        }

        return count / clock.Elapsed.TotalSeconds;
    }
}
