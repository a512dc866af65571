namespace NumberLedger.Stores;

/// <summary>
/// The data folder, held by one store at a time: heads in memory are right only if nobody else writes.
/// </summary>
/// <remarks>
/// SQLite's own lock (see <see cref="SqliteConnections"/>) keeps other processes out, also the sqlite3 shell. It does
/// not keep a second store of this process out, and is lost when anyone in this process opens and closes the database
/// file (POSIX locks). Hence a lock file of its own, which the operating system releases even after a kill.
/// </remarks>
public sealed class DataFolder : IDisposable
{
    // EWOULDBLOCK of flock(2), and ERROR_SHARING_VIOLATION.
    private const int LockedOnLinux = 11, LockedOnMac = 35, LockedOnWindows = unchecked((int)0x80070020);

    internal const string DatabaseName = "ledger.db", CheckpointName = "ledger.checkpoint";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    public string Path { get; }
    internal string Database => System.IO.Path.Combine(Path, DatabaseName);
    internal string Checkpoint => System.IO.Path.Combine(Path, CheckpointName);

    /// <summary>Makes the folder if it is missing.</summary>
    /// <exception cref="StoreUnavailableException">
    /// Another store holds the folder, or it cannot be made or written.
    /// </exception>
    public static DataFolder Hold(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            Create(path);
            string lockFile = System.IO.Path.Combine(path, "ledger.lock");
            return new DataFolder(path, OwnersFile.Open(lockFile, FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            throw InUse(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The data folder '{path}' cannot be used: {e.Message}", e);
        }
    }

    internal static StoreUnavailableException InUse(string path, Exception cause) => new(
        $"The data folder '{path}' is in use by another process. Only one at a time may open it: stop that one, or " +
        "give this one a folder of its own.", cause);

    public void Dispose() => _lock.Dispose();

    /// <summary>For its owner only, unless it is there already.</summary>
    internal static void Create(string path)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
    }
}
