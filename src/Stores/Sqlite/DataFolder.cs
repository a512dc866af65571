using System.Globalization;

namespace NumberLedger.Stores;

/// <summary>The data folder, held by one store at a time: heads in memory are right only if nobody else writes.</summary>
/// <remarks>
/// SQLite's own lock (see <see cref="SqliteConnections"/>) keeps other processes out, also the sqlite3 shell. It does not
/// keep a second store of this process out, and is lost when anyone in this process opens and closes the database file
/// (POSIX locks). Hence a lock file of its own, which the operating system releases even after a kill.
/// </remarks>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    public string Path { get; }
    public string Database => System.IO.Path.Combine(Path, "ledger.db");

    /// <exception cref="StoreUnavailableException">Another store holds the folder, or it cannot be made or written.</exception>
    public static DataFolder Hold(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        string lockFile = System.IO.Path.Combine(path, "ledger.lock");
        try
        {
            Create(path);
            var stream = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            stream.SetLength(0);
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            stream.Flush();
            return new DataFolder(path, stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(WhyNot(path, lockFile, e), e);
        }
    }

    public static StoreUnavailableException InUse(string path, string by, Exception cause) => new(
        $"The data folder '{path}' is in use by {by}. One process at a time may open it: stop that one, or give this one " +
        "a folder of its own.", cause);

    public void Dispose() => _lock.Dispose();

    private static void Create(string path)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
    }

    private static string WhyNot(string path, string lockFile, Exception e) =>
        e is IOException and not DirectoryNotFoundException && HolderOf(lockFile) is { } holder
            ? InUse(path, $"process {holder}", e).Message
            : $"The data folder '{path}' cannot be used: {e.Message}";

    // Sharing everything takes no lock, so this reads a file that another process has locked.
    private static string? HolderOf(string lockFile)
    {
        try
        {
            using var stream = new FileStream(lockFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd() is { Length: > 0 } holder ? holder : "unknown";
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            return "unknown"; // Windows: locked is locked, for readers too.
        }
    }
}
