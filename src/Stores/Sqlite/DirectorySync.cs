using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NumberLedger.Stores;

/// <summary>
/// Makes a rename durable: the new name is an entry of the directory, which has to reach the disk too.
/// </summary>
/// <remarks>.NET opens no directories. Windows needs none of it: its file systems log renames.</remarks>
internal static class DirectorySync
{
    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows()) return;

        int directory = Open(path, flags: 0);
        if (directory < 0) throw Failed(path);
        try
        {
            if (FSync(directory) < 0) throw Failed(path);
        }
        finally
        {
            _ = Close(directory);
        }
    }

    private static IOException Failed(string path)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"The directory '{path}' cannot be synced: {cause.Message}", cause);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);
}
