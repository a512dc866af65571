using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>A cold block begins with its snapshot, which is believed no more than anything else in memory.</summary>
public sealed class SnapshotTests
{
    private static readonly SnapshotSealer Snapshots = LedgerCluster.Sealer.Snapshots;

    private readonly NumberBlock _block = The.NewBlock();
    private readonly InMemoryLedgerStore _inner = new();
    private readonly FaultyStore _store;

    public SnapshotTests() => _store = new FaultyStore(_inner);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private OtherWriter Writer => new(_store.Inner);

    [Fact]
    public async Task After_a_restart_a_block_answers_from_its_snapshot_and_no_entry_is_read()
    {
        await SavedBlockAsync();
        Answer[] before = await new OneProcess(_store).CheckAllAsync(_block);
        int entryReads = EntryReads;

        Answer[] after = await new OneProcess(_store).CheckAllAsync(_block);

        Assert.Equal(before, after);
        Assert.Contains(Verdict.Allow, after.Select(answer => answer.Verdict));
        Assert.Equal(entryReads, EntryReads);
    }

    [Fact]
    public async Task What_was_recorded_since_the_snapshot_is_read_from_there_on()
    {
        await SavedBlockAsync();
        await Writer.RecordAsync(_block.At(5), The.OptedOut());
        int blockReads = _store.CallsOf(StoreOperation.ReadBlock);
        long? firstRead = null;
        _store.ReadsBlock += after => firstRead ??= after;

        using var process = new OneProcess(_store);

        Assert.Equal(Reasons.OptedOut, (await process.CheckAsync(_block.At(5))).Reasons);
        Assert.Equal(Verdict.Allow, (await process.CheckAsync(_block.At(6))).Verdict);
        Assert.Equal((blockReads + 1, 301L - 1), (_store.CallsOf(StoreOperation.ReadBlock), firstRead));
    }

    [Fact]
    public async Task A_store_behind_its_snapshot_went_back_and_is_not_believed()
    {
        StoredSnapshot snapshot = await SavedBlockAsync();
        InMemoryLedgerStore older = await _store.CopyAsync(_block, through: 300);
        older.PutSnapshot(_block, snapshot);
        _store.Inner = older;

        await AssertWentBackAsync();
    }

    [Fact]
    public async Task A_store_with_another_entry_at_the_snapshots_position_went_back_and_is_not_believed()
    {
        StoredSnapshot snapshot = await SavedBlockAsync();
        InMemoryLedgerStore other = await _store.CopyAsync(_block, through: 300);
        await new OtherWriter(other).RecordAsync(_block.At(7), The.OptedOut());
        other.PutSnapshot(_block, snapshot);
        _store.Inner = other;

        await AssertWentBackAsync();
    }

    [Fact]
    public async Task A_store_that_went_on_from_another_entry_at_the_snapshots_position_is_not_believed_either()
    {
        StoredSnapshot snapshot = await SavedBlockAsync();
        InMemoryLedgerStore other = await _store.CopyAsync(_block, through: 300);
        var writer = new OtherWriter(other);
        foreach (int offset in (int[])[7, 8, 9]) await writer.RecordAsync(_block.At(offset), The.OptedOut());
        other.PutSnapshot(_block, snapshot);
        _store.Inner = other;

        await AssertWentBackAsync();
    }

    [Fact]
    public async Task A_snapshot_that_was_saved_after_the_head_was_read_is_no_sign_of_a_loss()
    {
        await SavedBlockAsync();
        _store.BeforeNext(StoreOperation.ReadSnapshots, async _ =>
        {
            await Writer.RecordAllAsync(_block, Enumerable.Range(5_000, 300), _ => The.OptedOut());
            using var quicker = new OneProcess(_store);
            await quicker.CheckAsync(_block.At(5_000));
            await quicker.Saver.Idle;
        });

        using var process = new OneProcess(_store);
        await process.CheckAsync(_block.At(5));

        Assert.Null(process.Health.WhyNotReady);
        Assert.Equal(601, process.Replicas.Of(_block).Head.Position);
    }

    [Theory]
    [InlineData("one bit flipped")]
    [InlineData("cut short")]
    [InlineData("empty")]
    [InlineData("of another position")]
    [InlineData("of another block")]
    [InlineData("of an older format")]
    [InlineData("of another master key")]
    public async Task A_snapshot_that_cannot_be_used_is_made_anew_from_the_entries(string how)
    {
        StoredSnapshot sound = await SavedBlockAsync();
        Answer[] expected = await new OneProcess(_store).CheckAllAsync(_block);
        _inner.PutSnapshot(_block, Spoilt(sound, how));

        using var process = new OneProcess(_store);

        Assert.Equal(expected, await process.CheckAllAsync(_block));
        Assert.Null(process.Health.WhyNotReady);
        await process.Saver.Idle;
        Assert.NotNull(Snapshots.Open(_block, Assert.Single(await StoredAsync())));
    }

    [Fact]
    public async Task A_store_that_does_not_take_snapshots_holds_up_no_answer()
    {
        await Writer.RecordAllAsync(_block, Enumerable.Range(0, 300), _ => The.Bound());
        _store.BeforeEach(StoreOperation.SaveSnapshot, Faults.HangDeaf);
        using var process = new OneProcess(_store);

        await process.CheckAsync(_block.At(5));
        Task hanging = process.Saver.Idle;
        await Writer.RecordAsync(_block.At(5), The.OptedOut());

        Assert.Equal(Verdict.Deny, (await process.CheckAsync(_block.At(5))).Verdict);
        Assert.False(hanging.IsFaulted);
        await hanging;
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task Once_the_store_went_back_nothing_is_saved_and_nothing_under_way_is_answered()
    {
        await Writer.RecordAllAsync(_block, Enumerable.Range(0, 300), _ => The.Bound());
        using var process = new OneProcess(_store);
        _store.AfterNext(StoreOperation.ReadBlock, _ =>
        {
            process.Health.WentBack(The.NewBlock());
            return Task.CompletedTask;
        });

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => process.CheckAsync(_block.At(5)).AsTask());
        await process.Saver.Idle;

        Assert.Equal(0, _store.CallsOf(StoreOperation.SaveSnapshot));
    }

    [Fact]
    public async Task A_few_entries_are_folded_and_not_saved()
    {
        await Writer.RecordAllAsync(_block, Enumerable.Range(0, 100), _ => The.Bound());
        using var process = new OneProcess(_store);

        await process.CheckAsync(_block.At(5));
        await process.Saver.Idle;

        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task Many_cold_blocks_are_opened_by_one_read_and_then_asked_without_another()
    {
        NumberBlock[] blocks = The.NewBlocks(20);
        using (var process = new OneProcess(_store))
        {
            foreach (NumberBlock block in blocks)
            {
                await Writer.RecordAllAsync(block, Enumerable.Range(0, 300), _ => The.Bound());
                await process.CheckAsync(block.At(5));
            }

            await process.Saver.Idle;
        }

        using var restarted = new OneProcess(_store);
        BlockHead[] heads = await _store.ReadHeadsAsync(blocks, Ct);
        (int entryReads, int snapshotReads) = (EntryReads, _store.CallsOf(StoreOperation.ReadSnapshots));

        await restarted.Replicas.PrefetchAsync([.. blocks.Select(restarted.Replicas.Of).Zip(heads)], Ct);

        for (int i = 0; i < blocks.Length; i++)
        {
            BlockReplica replica = restarted.Replicas.Of(blocks[i]);
            Assert.True(replica.TryAsk(replica.Head, heads[i], (ushort)5, OneProcess.Check, out Answer answer));
            Assert.Equal(Verdict.Unknown, answer.Verdict); // Bound, and in no range.
        }

        Assert.Equal((entryReads, snapshotReads + 1), (EntryReads, _store.CallsOf(StoreOperation.ReadSnapshots)));
    }

    [Fact]
    public async Task What_was_opened_ahead_is_validated_like_anything_else()
    {
        await SavedBlockAsync();
        using var process = new OneProcess(_store);
        await process.Replicas.PrefetchAsync(
            [(process.Replicas.Of(_block), await process.HeadAsync(_block))], Ct);
        BlockReplica replica = process.Replicas.Of(_block);
        BlockHead before = replica.Head;
        BlockHead head = await Writer.RecordAsync(_block.At(5), The.OptedOut());

        Assert.False(replica.TryAsk(before, head, (ushort)5, OneProcess.Check, out _));
        Assert.Equal(Reasons.OptedOut, (await replica.AskAsync(before, head, (ushort)5, OneProcess.Check)).Reasons);
    }

    [Fact]
    public async Task A_snapshot_that_does_not_fit_the_head_is_not_opened_ahead_but_judged_when_the_block_is_asked()
    {
        StoredSnapshot snapshot = await SavedBlockAsync();
        InMemoryLedgerStore older = await _store.CopyAsync(_block, through: 300);
        older.PutSnapshot(_block, snapshot);
        _store.Inner = older;
        using var process = new OneProcess(_store);

        await process.Replicas.PrefetchAsync(
            [(process.Replicas.Of(_block), await process.HeadAsync(_block))], Ct);

        Assert.Equal(default, process.Replicas.Of(_block).Head);
        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => process.CheckAsync(_block.At(5)).AsTask());
    }

    private int EntryReads => _store.CallsOf(StoreOperation.ReadBlock) + _store.CallsOf(StoreOperation.ReadTags);

    /// <summary>A range and three hundred bindings: 301 entries, all in the snapshot.</summary>
    private async Task<StoredSnapshot> SavedBlockAsync()
    {
        await Writer.RecordAsync(_block, new LedgerEvent.RangeSet(The.Carrier, 0, 9, The.TrackedSince));
        await Writer.RecordAllAsync(_block, Enumerable.Range(0, 300), _ => The.Bound());
        using var process = new OneProcess(_store);
        await process.CheckAsync(_block.At(5));
        await process.Saver.Idle;
        StoredSnapshot snapshot = Assert.Single(await StoredAsync());
        Assert.Equal(301, snapshot.Position);
        return snapshot;
    }

    private async Task<StoredSnapshot[]> StoredAsync() =>
        [.. (await _store.ReadSnapshotsAsync([_block], long.MaxValue, Ct)).Found.Select(found => found.Snapshot)];

    private async Task AssertWentBackAsync()
    {
        using var process = new OneProcess(_store);
        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => process.CheckAsync(_block.At(7)).AsTask());
        Assert.NotNull(process.Health.WhyNotReady);
        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => process.CheckAsync(The.NewNumber()).AsTask());
    }

    private StoredSnapshot Spoilt(StoredSnapshot sound, string how)
    {
        byte[] flipped = [.. sound.Sealed];
        flipped[100] ^= 4;
        byte[] bytes = Snapshots.TryOpen(_block, sound)!;
        byte[] older = [(byte)(bytes[0] - 1), .. bytes[1..]];
        byte[] nonce = new byte[SnapshotSealer.NonceSize];
        BlockHead head = new(sound.Position, sound.Hash, default);
        using var stranger = new SnapshotSealer(new MasterKey([.. Enumerable.Repeat((byte)9, MasterKey.Size)]));
        return how switch
        {
            "one bit flipped" => sound with { Sealed = flipped },
            "cut short" => sound with { Sealed = sound.Sealed[..40] },
            "empty" => sound with { Sealed = [] },
            "of another position" => sound with { Position = 200 },
            "of another block" => Snapshots.Seal(The.NewBlock(), head, bytes, nonce),
            "of an older format" => Snapshots.Seal(_block, head, older, nonce),
            "of another master key" => stranger.Seal(_block, head, bytes, nonce),
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        };
    }
}
