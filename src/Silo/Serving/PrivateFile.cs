namespace NumberLedger.Silo;

/// <summary>Files that only their owner may read, whole or not there at all.</summary>
internal static class PrivateFile
{
    /// <summary>Never in the place of another file, which may be the only copy of a key.</summary>
    public static void Write(string path, string content)
    {
        string draft = path + ".new";
        using (FileStream stream = Create(draft))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
    }

    /// <summary>An empty one, in the place of what an earlier run left.</summary>
    public static FileStream Create(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
