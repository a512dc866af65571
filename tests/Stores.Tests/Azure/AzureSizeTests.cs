using Azure.Data.Tables;
using NumberLedger.Testing;

namespace NumberLedger.Stores.Tests;

/// <summary>What is larger than a property, a row, a page or a transaction.</summary>
public sealed class AzureSizeTests : IAsyncLifetime
{
    private static readonly NumberBlock Block = new(861_380_000);
    private static readonly Pseudonym Tag = Some.Tag(1);

    private readonly AzurePlace _place = new();
    private AzureLedgerStore _store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = (AzureLedgerStore)await _place.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await WholeLedger.VerifyAsync(_store, CancellationToken.None);
        await _store.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task A_snapshot_of_several_rows_is_read_as_it_was_saved_and_a_smaller_one_takes_all_of_its_place()
    {
        BlockHead head = (await _store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct)).Head;
        foreach (int bytes in (int[])[AzureLimits.BytesPerTransaction, 1, AzureBytes.BytesPerRow + 1, 70_000])
        {
            var snapshot = new StoredSnapshot(1, head.Hash, Bytes(bytes));

            await _store.SaveSnapshotAsync(Block, snapshot, Ct);

            (_, StoredSnapshot found) =
                Assert.Single((await _store.ReadSnapshotsAsync([Block], long.MaxValue, Ct)).Found);
            Assert.Equal(snapshot.Sealed, found.Sealed);
        }
    }

    [Fact]
    public async Task A_snapshot_that_no_transaction_takes_is_not_saved()
    {
        BlockHead head = (await _store.AppendAsync(Some.Append(Block, Tag, after: 0), Ct)).Head;

        await _store.SaveSnapshotAsync(
            Block, new StoredSnapshot(1, head.Hash, Bytes(AzureLimits.BytesPerTransaction + 1)), Ct);

        Assert.Empty((await _store.ReadSnapshotsAsync([Block], long.MaxValue, Ct)).Found);
    }

    [Fact]
    public async Task An_answer_of_the_size_of_a_row_is_kept_and_a_larger_one_is_not()
    {
        var claim = new Claim(7, new Hash256(1, 2), Some.Noon, Answer: null);
        await _store.ClaimAsync(claim, Ct);

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _store.AnswerAsync(claim.Id, new(200, "x", Bytes(AzureBytes.BytesPerRow + 1)), Ct));
        Assert.Null((await _store.ClaimAsync(claim, Ct)).Answer);

        byte[] body = Bytes(AzureBytes.BytesPerRow);
        await _store.AnswerAsync(claim.Id, new(200, "x", body), Ct);
        Assert.Equal(body, (await _store.ClaimAsync(claim, Ct)).Answer!.Body);
    }

    [Fact]
    public async Task As_many_of_the_longest_entries_as_an_append_may_have_are_taken()
    {
        NewEntry[] entries = Some.Entries(Block, Tag, after: 0, _store.EntriesMax);
        Hash256 hash = Chain.Start(Block, Tag);
        for (int i = 0; i < entries.Length; i++)
        {
            byte[] bytes = Bytes(AzureLimits.BytesPerProperty);
            entries[i] = entries[i] with { Sealed = bytes, Hash = hash = Chain.Next(i + 1, hash, bytes) };
        }

        AppendResult result = await _store.AppendAsync(new(Block, [new(Tag, 0)], entries, Some.Noon), Ct);

        Assert.Equal(AppendOutcome.Appended, result.Outcome);
    }

    [Fact]
    public async Task Entries_and_numbers_of_several_pages_are_read_in_order()
    {
        const int Numbers = 1_200;
        await Task.WhenAll(Enumerable.Range(0, Numbers / 30).Select(part => _store.AppendAsync(
            new Append(
                Block, [.. Tags(part).Select(tag => new ExpectedVersion(tag, 0))],
                [.. Tags(part).SelectMany(tag => Some.Entries(Block, tag, after: 0))], Some.Noon),
            Ct)));
        Pseudonym[] asked = [.. Enumerable.Range(0, Numbers).Select(Some.Tag).Reverse()];

        IReadOnlyList<StoredEntry> entries = await _store.ReadBlockAsync(Block, 0, int.MaxValue, Ct);
        IReadOnlyList<StoredEntry> all = await _store.ReadTagsAsync(Block, asked, Ct);
        IReadOnlyList<StoredEntry> some = await _store.ReadTagsAsync(Block, asked[..5], Ct);

        Assert.Equal(Enumerable.Range(1, Numbers).Select(position => (long)position), entries.Select(e => e.Position));
        Assert.Equal(asked, all.Select(entry => entry.Tag));
        Assert.Equal(asked[..5], some.Select(entry => entry.Tag));

        static IEnumerable<Pseudonym> Tags(int part) => Enumerable.Range(part * 30, 30).Select(Some.Tag);
    }

    /// <summary>Where it looks is drawn by chance: that it finds nothing in so many places does not happen.</summary>
    [Fact]
    public async Task Old_claims_go_as_new_ones_come()
    {
        const int Old = 320;
        await ClaimAsync(Some.Noon - TimeSpan.FromHours(49), [.. Enumerable.Range(0, Old).Select(SpreadOut)]);

        await ClaimAsync(Some.Noon, [.. Enumerable.Range(0, 4 * 256).Select(i => SpreadOut(i) + 1)]);

        int left = 0;
        TableClient claims = await _place.ClaimsAsync();
        await foreach (TableEntity _ in claims.QueryAsync<TableEntity>(cancellationToken: Ct)) left++;
        Assert.InRange(left, 4 * 256, (4 * 256) + Old - 1);

        static UInt128 SpreadOut(int i) => (UInt128.MaxValue / 1_024) * (UInt128)((i * 331) % 1_024);
        Task ClaimAsync(DateTimeOffset at, UInt128[] ids) => Task.WhenAll(
            ids.Select(id => _store.ClaimAsync(new Claim(id, default, at, null), Ct)));
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
