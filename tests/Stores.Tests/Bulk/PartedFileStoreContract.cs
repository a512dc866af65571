namespace NumberLedger.Stores.Tests;

/// <summary>What a driver owes that keeps files in a ledger's own database.</summary>
public abstract class PartedFileStoreContract(StorePlace place, Func<ILedgerStore, IFileStore> files)
    : FileStoreContract, IAsyncLifetime
{
    private ILedgerStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await place.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await place.CloseAsync(_store);
        await place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_file_that_was_deleted_is_not_written_any_more()
    {
        IFileStore store = Open();
        await using IStoredFile file = await store.CreateAsync("f", Ct);
        await file.AppendAsync(new byte[10], Ct);
        await file.FlushAsync(Ct);

        await store.DeleteAsync("f", Ct);

        await file.AppendAsync(new byte[10], Ct);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await file.FlushAsync(Ct));
        Assert.Empty(await store.ListAsync(Ct));
        await using IStoredFile again = await store.CreateAsync("f", Ct);
        Assert.Equal(0, again.Length);
        Assert.Empty(await ReadAsync(again, 0, 10));
    }

    [Fact]
    public async Task A_file_that_is_deleted_while_it_is_read_is_not_read_as_shorter()
    {
        IFileStore store = Open();
        await using (IStoredFile written = await store.CreateAsync("f", Ct))
        {
            await written.AppendAsync(new byte[3 * IFileParts.BytesPerPart], Ct);
            await written.FlushAsync(Ct);
        }

        await using IStoredFile file = (await store.OpenAsync("f", Ct))!;
        Assert.Equal(10, (await ReadAsync(file, 0, 10)).Length);
        await store.DeleteAsync("f", Ct);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(file, IFileParts.BytesPerPart, 10));
    }

    [Fact]
    public async Task A_large_file_is_deleted_as_a_whole()
    {
        IFileStore store = Open();
        await using (IStoredFile file = await store.CreateAsync("f", Ct))
        {
            for (int part = 0; part < 300; part++) await file.AppendAsync(new byte[IFileParts.BytesPerPart], Ct);
            await file.FlushAsync(Ct);
        }

        await store.DeleteAsync("f", Ct);

        await using IStoredFile again = await store.CreateAsync("f", Ct);
        await again.AppendAsync(new byte[IFileParts.BytesPerPart + 1], Ct);
        await again.FlushAsync(Ct);
        await using IStoredFile read = (await store.OpenAsync("f", Ct))!;
        Assert.Equal(IFileParts.BytesPerPart + 1, read.Length);
    }

    protected override IFileStore Open() => files(_store);
}
