namespace NumberLedger.Stores.Tests;

public sealed class FolderFileStoreTests : FileStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Files => _folder["files"];

    [Fact]
    public async Task Folder_and_files_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no modes.");

        IFileStore store = Open();
        await MakeAsync(store, "f");

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Owner | UnixFileMode.UserExecute, new DirectoryInfo(Files).UnixFileMode);
        Assert.All(new DirectoryInfo(Files).GetFiles(), made => Assert.Equal(Owner, made.UnixFileMode));
    }

    [Fact]
    public async Task What_the_store_has_not_made_is_neither_listed_nor_deleted()
    {
        IFileStore store = Open();
        await MakeAsync(store, "f");
        string[] others = ["notes.txt", "f", "Upper.sealed", "x.new"];
        foreach (string other in others) await File.WriteAllTextAsync(Path.Combine(Files, other), "mine", Ct);

        IFileStore again = Open();
        Assert.Equal(["f"], await again.ListAsync(Ct));
        await again.DeleteAsync("f", Ct);

        Assert.Equal(
            others.Order(StringComparer.Ordinal),
            Directory.GetFiles(Files).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such()
    {
        Assert.SkipUnless(new FileInfo("/dev/full") is { Exists: true, Length: 0 }, "There is no device /dev/full.");
        IFileStore store = Open();
        File.CreateSymbolicLink(Path.Combine(Files, "f.sealed"), "/dev/full");
        await using IStoredFile file = (await store.OpenAsync("f", Ct))!;

        await Assert.ThrowsAsync<FileStoreFullException>(async () => await file.AppendAsync(new byte[10], Ct));
    }

    [Fact]
    public async Task Room_that_is_reserved_for_the_ledger_is_not_taken()
    {
        // All of the disk, of which something is taken already.
        FolderFileStore store = FolderFileStore.Open(
            _folder.Path, new DiskReserve(_folder.Path, long.MaxValue, part: 1));
        await using IStoredFile file = await store.CreateAsync("f", Ct);

        await Assert.ThrowsAsync<FileStoreFullException>(async () => await file.AppendAsync(new byte[10], Ct));
        Assert.Equal(0, file.Length);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_told_as_such()
    {
        File.WriteAllText(Files, "a file where the folder should be");

        Assert.Throws<StoreUnavailableException>(Open);
    }

    public void Dispose() => _folder.Dispose();

    protected override IFileStore Open() => FolderFileStore.Open(_folder.Path);
}
