namespace NumberLedger.Stores;

/// <summary>Files that, where they are made new, only their owner may read: others may see into the folder.</summary>
internal static class OwnersFile
{
    /// <summary>Without a buffer: what is written is with the operating system.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
