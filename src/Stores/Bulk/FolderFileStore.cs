using System.Text.RegularExpressions;

namespace NumberLedger.Stores;

/// <summary>The folder <c>files</c> beside the ledger. Belongs to whoever holds the data folder.</summary>
/// <remarks>
/// A file "x" is <c>x.sealed</c>; while it is being replaced its next content is <c>x.sealed.new</c>, which a rename
/// puts in its place. Other files in the folder are none of ours, and stay.
/// </remarks>
public sealed partial class FolderFileStore : IFileStore
{
    private const string Folder = "files", Suffix = ".sealed", DraftSuffix = Suffix + ".new";

    private readonly string _path;
    private readonly DiskReserve _reserve;

    private FolderFileStore(string path, DiskReserve reserve) => (_path, _reserve) = (path, reserve);

    /// <summary>Makes the folder if it is missing; drops drafts that a crash has left.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be made or read.</exception>
    public static FolderFileStore Open(string dataFolder) => Open(dataFolder, new DiskReserve(dataFolder));

    internal static FolderFileStore Open(string dataFolder, DiskReserve reserve)
    {
        string path = Path.GetFullPath(Path.Combine(dataFolder, Folder));
        return Guard(path, () =>
        {
            DataFolder.Create(path);
            var store = new FolderFileStore(path, reserve);
            foreach (string draft in store.NamesOf(DraftSuffix)) File.Delete(store.PathOf(draft, DraftSuffix));
            return store;
        });
    }

    public Task<IStoredFile> CreateAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IStoredFile>(Guard(name, () => FolderFile.Create(PathOf(name, Suffix), _reserve)));

    public Task<IStoredFile?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name, Suffix);
        return Task.FromResult<IStoredFile?>(
            Guard(name, () => File.Exists(path) ? FolderFile.Open(path, _reserve) : null));
    }

    public async Task ReplaceAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string draft = PathOf(name, DraftSuffix);
        Guard(name, () => File.Delete(draft));
        // Small, and what tells of a job that failed for want of room: it may use what is reserved.
        await using (FolderFile file = Guard(name, () => FolderFile.Create(draft, reserve: null)))
        {
            await file.AppendAsync(content, cancellationToken);
            await file.FlushAsync(cancellationToken);
        }

        Guard(name, () =>
        {
            File.Move(draft, PathOf(name, Suffix), overwrite: true);
            DirectorySync.Sync(_path);
        });
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name, Suffix);
        Guard(name, () =>
        {
            File.Delete(PathOf(name, DraftSuffix));
            File.Delete(path);
            DirectorySync.Sync(_path); // Also of one that is gone: an earlier deletion may have failed here.
        });
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(Guard(_path, () => NamesOf(Suffix)));

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

    private List<string> NamesOf(string suffix) =>
    [
        .. Directory.EnumerateFiles(_path).Select(path => Path.GetFileName(path)!)
            .Where(file => file.EndsWith(suffix, StringComparison.Ordinal)).Select(file => file[..^suffix.Length])
            .Where(name => Names().IsMatch(name)),
    ];

    private string PathOf(string name, string suffix) => Names().IsMatch(name) && name.Length <= IFileStore.NameCharsMax
        ? Path.Combine(_path, name + suffix)
        : throw new ArgumentException("Not a name of a file: see IFileStore.", nameof(name));

    [GeneratedRegex(@"^[a-z][a-z0-9_.]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
