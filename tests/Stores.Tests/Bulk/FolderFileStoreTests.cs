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
        await using IStoredFile file = await store.CreateAsync("created", Ct);
        await store.ReplaceAsync("replaced", new byte[10], Ct);

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Owner | UnixFileMode.UserExecute, new DirectoryInfo(Files).UnixFileMode);
        Assert.All(new DirectoryInfo(Files).GetFiles(), made => Assert.Equal(Owner, made.UnixFileMode));
    }

    [Fact]
    public async Task What_the_store_has_not_made_is_neither_listed_nor_deleted()
    {
        IFileStore store = Open();
        await store.ReplaceAsync("f", new byte[10], Ct);
        string[] others = ["notes.txt", "f", "Upper.sealed", "Upper.sealed.new", "x.new"];
        foreach (string other in others) await File.WriteAllTextAsync(Path.Combine(Files, other), "mine", Ct);

        IFileStore again = Open();
        Assert.Equal(["f"], await again.ListAsync(Ct));
        await again.DeleteAsync("f", Ct);

        Assert.Equal(
            others.Order(StringComparer.Ordinal),
            Directory.GetFiles(Files).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_draft_that_a_crash_left_is_dropped_and_the_file_is_as_it_was()
    {
        await Open().ReplaceAsync("f", new byte[] { 1, 2, 3 }, Ct);
        await File.WriteAllTextAsync(Path.Combine(Files, "f.sealed.new"), "half", Ct);
        await File.WriteAllTextAsync(Path.Combine(Files, "g.sealed.new"), "half", Ct);

        IFileStore store = Open();

        Assert.Equal(["f"], await store.ListAsync(Ct));
        await using IStoredFile file = (await store.OpenAsync("f", Ct))!;
        Assert.Equal([1, 2, 3], await ReadAsync(file, 0, 10));
        Assert.Single(Directory.GetFiles(Files));
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
        await store.ReplaceAsync("g", new byte[10], Ct);
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
