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
    public async Task A_name_is_taken_once()
    {
        await using IStoredFile file = await Open().CreateAsync("f", Ct);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Open().CreateAsync("f", Ct));
    }

    [Fact]
    public async Task What_was_flushed_is_read_while_the_file_is_still_written()
    {
        await using IStoredFile file = await Open().CreateAsync("f", Ct);
        foreach (int to in (int[])[1, 10, 500, 1_000])
        {
            await file.AppendAsync(Bytes.AsMemory((int)file.Length..to), Ct);
            await file.FlushAsync(Ct);

            await using IStoredFile read = (await Open().OpenAsync("f", Ct))!;
            Assert.Equal(Bytes[..to], await ReadAsync(read, 0, 1_000));
        }
    }

    [Fact]
    public async Task A_large_file_is_read_from_any_byte()
    {
        byte[] large = new byte[3_000_000];
        Random.Shared.NextBytes(large);
        await using (IStoredFile file = await Open().CreateAsync("f", Ct))
        {
            for (int from = 0; from < large.Length; from += 65_564)
            {
                await file.AppendAsync(large.AsMemory(from, Math.Min(65_564, large.Length - from)), Ct);
                if (from % 5 == 0) await file.FlushAsync(Ct);
            }

            await file.FlushAsync(Ct);
        }

        await using IStoredFile read = (await Open().OpenAsync("f", Ct))!;
        Assert.Equal(large.Length, read.Length);
        Assert.Equal(large, await ReadAsync(read, 0, large.Length + 1));
        Assert.Equal(large[1_234_567..2_345_678], await ReadAsync(read, 1_234_567, 1_111_111));
        Assert.Equal(large[^1..], await ReadAsync(read, large.Length - 1, 10));
    }

    [Fact]
    public async Task A_deleted_file_is_gone_and_may_be_deleted_again()
    {
        IFileStore store = Open();
        await MakeAsync(store, "f");
        await MakeAsync(store, "g");

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
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(name, Ct));
    }

    protected static async Task MakeAsync(IFileStore store, string name)
    {
        await using IStoredFile file = await store.CreateAsync(name, Ct);
        await file.AppendAsync(Bytes, Ct);
        await file.FlushAsync(Ct);
    }

    protected static async Task<byte[]> ReadAsync(IStoredFile file, long offset, int count)
    {
        byte[] bytes = new byte[count];
        return bytes[..await file.ReadAsync(offset, bytes, Ct)];
    }
}
