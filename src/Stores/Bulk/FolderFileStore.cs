namespace NumberLedger.Stores;

/// <summary>The folder <c>files</c> beside the ledger. Belongs to whoever holds the data folder.</summary>
/// <remarks>A file "x" is <c>x.sealed</c>. Other files in the folder are none of ours, and stay.</remarks>
public sealed class FolderFileStore : IFileStore
{
    private const string Folder = "files", Suffix = ".sealed";

    private readonly string _path;
    private readonly DiskReserve _reserve;

    private FolderFileStore(string path, DiskReserve reserve) => (_path, _reserve) = (path, reserve);

    /// <summary>Makes the folder if it is missing.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be made or read.</exception>
    public static FolderFileStore Open(string dataFolder) => Open(dataFolder, new DiskReserve(dataFolder));

    internal static FolderFileStore Open(string dataFolder, DiskReserve reserve)
    {
        string path = Path.GetFullPath(Path.Combine(dataFolder, Folder));
        return Guard(path, () =>
        {
            DataFolder.Create(path);
            return new FolderFileStore(path, reserve);
        });
    }

    public Task<IStoredFile> CreateAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IStoredFile>(Guard(name, () => FolderFile.Create(PathOf(name), _reserve)));

    public Task<IStoredFile?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        return Task.FromResult<IStoredFile?>(
            Guard(name, () => File.Exists(path) ? FolderFile.Open(path, _reserve) : null));
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        Guard(name, () =>
        {
            File.Delete(path);
            DirectorySync.Sync(_path); // Also of one that is gone: an earlier deletion may have failed here.
        });
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(Guard(_path, List));

    /// <summary>What goes wrong with a disk is told in the words of the port.</summary>
    internal static T Guard<T>(string what, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw DiskFaults.Translate(what, failed);
        }
    }

    private static void Guard(string what, Action call) => Guard(what, () =>
    {
        call();
        return true;
    });

    private List<string> List() =>
    [
        .. Directory.EnumerateFiles(_path).Select(path => Path.GetFileName(path)!)
            .Where(file => file.EndsWith(Suffix, StringComparison.Ordinal)).Select(file => file[..^Suffix.Length])
            .Where(StoredNames.IsOne),
    ];

    private string PathOf(string name) =>
        Path.Combine(_path, StoredNames.Check(name, IFileStore.NameCharsMax) + Suffix);
}
