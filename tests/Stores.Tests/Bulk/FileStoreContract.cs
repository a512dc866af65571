namespace NumberLedger.Stores.Tests;

/// <summary>What every driver of the store of files owes.</summary>
public abstract class FileStoreContract
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 1_000).Select(i => (byte)i)];

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The same files each time.</summary>
    protected abstract IFileStore Open();

    [Fact]
    public async Task What_was_appended_is_read_from_any_byte_also_after_a_reopen()
    {
        await using (IStoredFile file = await Open().CreateAsync("job_1.input", Ct))
        {
            await file.AppendAsync(Bytes.AsMemory(0, 600), Ct);
            await file.AppendAsync(Bytes.AsMemory(600), Ct);
            await file.FlushAsync(Ct);
            Assert.Equal(1_000, file.Length);
        }

        await using IStoredFile again = (await Open().OpenAsync("job_1.input", Ct))!;
        Assert.Equal(1_000, again.Length);
        Assert.Equal(Bytes, await ReadAsync(again, 0, 1_000));
        Assert.Equal(Bytes[599..601], await ReadAsync(again, 599, 2));
        Assert.Equal(Bytes[990..], await ReadAsync(again, 990, 100));
        Assert.Empty(await ReadAsync(again, 1_000, 1));
    }

    [Fact]
    public async Task A_truncated_file_goes_on_where_it_was_cut()
    {
        await using IStoredFile file = await Open().CreateAsync("f", Ct);
        await file.AppendAsync(Bytes, Ct);

        await file.TruncateAsync(10, Ct);
        await file.AppendAsync(Bytes.AsMemory(500, 3), Ct);

        Assert.Equal(13, file.Length);
        byte[] expected = [.. Bytes[..10], .. Bytes[500..503]];
        Assert.Equal(expected, await ReadAsync(file, 0, 100));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await file.TruncateAsync(14, Ct));
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        await using IStoredFile file = await Open().CreateAsync("f", Ct);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Open().CreateAsync("f", Ct));
    }

    [Fact]
    public async Task A_file_is_replaced_as_a_whole()
    {
        IFileStore store = Open();

        await store.ReplaceAsync("f", Bytes, Ct);
        await store.ReplaceAsync("f", Bytes.AsMemory(0, 3), Ct);

        await using IStoredFile file = (await Open().OpenAsync("f", Ct))!;
        Assert.Equal(Bytes[..3], await ReadAsync(file, 0, 100));
    }

    [Fact]
    public async Task A_deleted_file_is_gone_and_may_be_deleted_again()
    {
        IFileStore store = Open();
        await store.ReplaceAsync("f", Bytes, Ct);
        await store.ReplaceAsync("g", Bytes, Ct);

        await store.DeleteAsync("f", Ct);
        await store.DeleteAsync("f", Ct);

        Assert.Null(await store.OpenAsync("f", Ct));
        Assert.Equal(["g"], await Open().ListAsync(Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../f")] // out of the folder
    [InlineData(".hidden")]
    [InlineData("F")] // two names to one file system, one name to another
    [InlineData("a b")]
    [InlineData("f\n")]
    public async Task A_name_is_of_a_few_characters(string name)
    {
        IFileStore store = Open();

        await Assert.ThrowsAsync<ArgumentException>(() => store.CreateAsync(name, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenAsync(name, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => store.ReplaceAsync(name, Bytes, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(name, Ct));
    }

    protected static async Task<byte[]> ReadAsync(IStoredFile file, long offset, int count)
    {
        byte[] bytes = new byte[count];
        return bytes[..await file.ReadAsync(offset, bytes, Ct)];
    }
}
