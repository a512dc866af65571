namespace NumberLedger.Stores.Tests;

/// <summary>What every driver owes to whoever keeps snapshots in it.</summary>
public abstract class SnapshotStoreContract(StorePlace place) : StoreContract(place)
{
    private const long Enough = long.MaxValue;
    private static readonly NumberBlock Block = new(861_380_000);
    private static readonly NumberBlock Neighbour = new(861_380_001);
    private static readonly NumberBlock Nobody = new(861_380_002);

    private readonly List<Hash256> _hashes = [];

    private ISnapshotStore Snapshots => (ISnapshotStore)Store;

    [Fact]
    public async Task A_snapshot_is_read_as_it_was_saved_also_after_a_reopen()
    {
        StoredSnapshot snapshot = await SavedAsync(Block, 3);

        AssertSame(snapshot, await ReadAsync(Block));
        await ReopenAsync();
        AssertSame(snapshot, await ReadAsync(Block));
    }

    [Fact]
    public async Task Snapshots_come_in_the_order_asked_without_blocks_that_have_none()
    {
        await SavedAsync(Block, 3);
        await SavedAsync(Neighbour, 2);

        SnapshotPage page = await Snapshots.ReadSnapshotsAsync([Neighbour, Nobody, Block], Enough, Ct);
        SnapshotPage none = await Snapshots.ReadSnapshotsAsync([Nobody], Enough, Ct);
        SnapshotPage nothing = await Snapshots.ReadSnapshotsAsync([], Enough, Ct);

        Assert.Equal(
            [(Neighbour, 2L), (Block, 3L)], page.Found.Select(found => (found.Block, found.Snapshot.Position)));
        Assert.Equal((3, 1, 0), (page.BlocksRead, none.BlocksRead, nothing.BlocksRead));
        Assert.Empty(none.Found);
        Assert.Empty(nothing.Found);
    }

    [Fact]
    public async Task A_page_ends_with_the_snapshot_that_fills_it()
    {
        await SavedAsync(Block, 1, bytes: 1_000);
        await SavedAsync(Neighbour, 1, bytes: 1_000);

        SnapshotPage small = await Snapshots.ReadSnapshotsAsync([Nobody, Block, Neighbour], 1, Ct);
        SnapshotPage fits = await Snapshots.ReadSnapshotsAsync([Nobody, Block, Neighbour], 1_001, Ct);

        Assert.Equal((2, 1), (small.BlocksRead, small.Found.Count));
        Assert.Equal((3, 2), (fits.BlocksRead, fits.Found.Count));
    }

    [Fact]
    public async Task A_later_snapshot_takes_the_place_of_the_one_before_and_an_earlier_one_does_not()
    {
        await AppendAsync(Block, 9);
        await SaveAsync(Block, At(4));

        StoredSnapshot later = await SaveAsync(Block, At(7));
        await SaveAsync(Block, At(6));

        AssertSame(later, await ReadAsync(Block));
    }

    /// <summary>The one before may be damaged, or of an older format.</summary>
    [Fact]
    public async Task A_snapshot_of_the_same_position_takes_the_place_of_the_one_before()
    {
        await SavedAsync(Block, 3);

        StoredSnapshot again = await SaveAsync(Block, At(3) with { Sealed = [9, 9, 9] });

        AssertSame(again, await ReadAsync(Block));
    }

    [Fact]
    public async Task What_its_block_has_no_entry_for_is_not_saved()
    {
        await AppendAsync(Block, 3);

        await SaveAsync(Block, At(3) with { Position = 4 });
        await SaveAsync(Block, At(3) with { Position = 2 }); // Another entry stands there.
        await SaveAsync(Block, At(3) with { Hash = new Hash256(1, 2) });
        await SaveAsync(Nobody, At(3));

        Assert.Empty((await Snapshots.ReadSnapshotsAsync([Block, Nobody], Enough, Ct)).Found);
    }

    [Fact]
    public async Task Snapshots_and_appends_at_the_same_time_do_each_other_no_harm()
    {
        await AppendAsync(Block, 40);

        Task[] saves = [.. Enumerable.Range(1, 40).Select(position => SaveAsync(Block, At(position)))];
        Task<AppendResult>[] appends = [.. Enumerable.Range(0, 40).Select(tag =>
            Store.AppendAsync(Some.Append(Neighbour, Some.Tag(tag), after: 0), Ct))];
        await Task.WhenAll([.. saves, .. appends]);

        Assert.Equal(40, (await ReadAsync(Block)).Position);
        Assert.Equal(40, (await Store.ReadHeadsAsync([Neighbour], Ct))[0].Position);
    }

    private async Task<StoredSnapshot> SavedAsync(NumberBlock block, int position, int bytes = 20)
    {
        await AppendAsync(block, position);
        return await SaveAsync(block, At(position, bytes));
    }

    private async Task AppendAsync(NumberBlock block, int count)
    {
        _hashes.Clear();
        while (_hashes.Count < count)
        {
            Append append = Some.Append(
                block, Some.Tag(1), _hashes.Count, Math.Min(count - _hashes.Count, Store.EntriesMax));
            await Store.AppendAsync(append, Ct);
            _hashes.AddRange(append.Entries.Select(entry => entry.Hash));
        }
    }

    private StoredSnapshot At(int position, int bytes = 20) =>
        new(position, _hashes[position - 1], [.. Enumerable.Repeat((byte)position, bytes)]);

    private async Task<StoredSnapshot> SaveAsync(NumberBlock block, StoredSnapshot snapshot)
    {
        await Snapshots.SaveSnapshotAsync(block, snapshot, Ct);
        return snapshot;
    }

    private async Task<StoredSnapshot> ReadAsync(NumberBlock block) =>
        Assert.Single((await Snapshots.ReadSnapshotsAsync([block], Enough, Ct)).Found).Snapshot;

    private static void AssertSame(StoredSnapshot expected, StoredSnapshot found)
    {
        Assert.Equal((expected.Position, expected.Hash), (found.Position, found.Hash));
        Assert.Equal(expected.Sealed, found.Sealed);
    }
}
