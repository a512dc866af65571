using System.Runtime.InteropServices;

namespace NumberLedger.Cli;

/// <summary>What stands where an answer is to go, or where a file is to come from.</summary>
internal static class OutputPath
{
    // Of <sys/stat.h>: the kind of a file in its mode.
    private const int KindMask = 0xF000, Regular = 0x8000, Socket = 0xC000;

    // Of <linux/stat.h>, the same on every architecture, as those of stat are not.
    private const int AtCurrentFolder = -100, StatxBytes = 256, ModeAt = 28;
    private const uint StatxType = 1;

    /// <summary>
    /// A device or a pipe: it is written to as it stands. A file that takes its name would take its place, too.
    /// </summary>
    public static bool IsWrittenThrough(string path) => KindOf(path) is not (null or Regular);

    /// <summary>Neither a device nor a pipe, of which nothing may be read before its time.</summary>
    public static bool IsFile(string path) => KindOf(path) is Regular;

    /// <summary>Where a link leads, so that the link stays what it is.</summary>
    /// <exception cref="CliFailure">Nothing can be written there.</exception>
    public static string Usable(string path, Lang lang)
    {
        if (path.EndsWith(Path.DirectorySeparatorChar) || Directory.Exists(path))
        {
            throw Unfit(lang, $"{path} is a folder: name a file in it.", $"{path} 是文件夹，请写出其中的文件名。");
        }

        if (KindOf(path) is Socket) throw Unfit(lang, $"{path} is a socket: name a file.", $"{path} 是套接字，请写文件名。");
        if (IsWrittenThrough(path)) return path;
        if (File.Exists(path)) return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Directory.Exists(folder)
            ? path
            : throw Unfit(
                lang, $"There is no folder {folder} to write {path} to. Make it first.",
                $"文件夹 {folder} 不存在，无法写入 {path}，请先创建。");
    }

    private static CliFailure Unfit(Lang lang, string english, string chinese) =>
        new(ExitCodes.Usage, lang.Say(english, chinese));

    /// <returns>Null: there is nothing, or it cannot be seen.</returns>
    private static int? KindOf(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            byte[] told = new byte[StatxBytes];
            return Statx(AtCurrentFolder, path, 0, StatxType, told) == 0
                ? BitConverter.ToUInt16(told, ModeAt) & KindMask
                : null;
        }

        // Elsewhere .NET does not say; devices stand in this folder.
        bool isDevice = Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);
        if (isDevice && !OperatingSystem.IsWindows()) return 0;

        return File.Exists(path) ? Regular : null;
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] told);
}
