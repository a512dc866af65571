using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>An index that went into a snapshot and came back is the same index.</summary>
public sealed class SnapshotTests
{
    private static readonly Sealer Sealer = new(new MasterKey(new byte[MasterKey.Size]));
    private static readonly byte[] Nonce = new byte[SnapshotSealer.NonceSize];
    private static readonly Gen<Asked[]> Questions = Histories.Question([.. Histories.Offsets, 5_555]).Array[16];

    [Fact]
    public void An_index_answers_from_its_snapshot_as_its_story_and_goes_on_from_there() => Gen.Select(
        Histories.Story(24), Questions, Gen.Int[0, 24])
        .Sample((story, questions, cut) =>
        {
            List<StoredEntry> stored = story.Sealed(Sealer);
            int count = Math.Min(cut, stored.Count);
            BlockIndex index = Reopened(BlockFold.Fold(story.Block, Sealer, stored[..count]).ToIndex(story.Block));
            BlockStory sofar = story with { Contents = [.. story.Contents.Take(count)] };
            BlockIndexTests.AssertAnswersAsTheStory(sofar, index, questions);

            StoredEntry[] tail = [.. stored.Skip(count)];
            HashSet<Pseudonym> tags = [.. tail.Select(entry => entry.Tag)];
            StoredEntry[] ofTags = [.. stored.Where(entry => tags.Contains(entry.Tag)).OrderBy(entry => entry.Version)];
            index.Put(BlockFold.FoldTail(story.Block, Sealer, index.Head, tail, ofTags));

            BlockIndex whole = BlockFold.Fold(story.Block, Sealer, stored).ToIndex(story.Block);
            BlockIndexTests.AssertAnswersAsTheStory(story, index, questions);
            Assert.Equal(whole.Head, index.Head);
            Assert.Equal(SnapshotCodec.Encode(whole), SnapshotCodec.Encode(index));
        }, iter: 1_000);

    [Fact]
    public void Equal_facts_give_equal_bytes_whatever_came_and_went() => Gen.Select(
        Histories.Story(20), Histories.Story(20))
        .Sample((before, after) =>
        {
            var index = new BlockIndex(after.Block);
            foreach (ushort offset in before.Offsets) index.Put(offset, before.StateOf(offset));
            foreach (ushort offset in before.Offsets.Union(after.Offsets)) index.Put(offset, after.StateOf(offset));
            var fresh = new BlockIndex(after.Block);
            foreach (ushort offset in after.Offsets) fresh.Put(offset, after.StateOf(offset));

            Assert.Equal(SnapshotCodec.Encode(fresh), SnapshotCodec.Encode(index));
            Assert.Equal(SnapshotCodec.Encode(fresh), SnapshotCodec.Encode(Reopened(index)));
        }, iter: 2_000);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void A_block_full_of_bindings_comes_back(int every)
    {
        NumberState plain = ANumber.Covered.Bound(In2026.Jan(5)).State;
        NumberState expiring = ANumber.Covered.Bound(In2026.Jan(5), expiresAt: In2026.Noon(In2026.Mar(1))).State;
        NumberState ported = ANumber.Covered.Bound(In2026.Jan(5)).PortedIn(In2026.Feb(1)).State;
        var index = new BlockIndex(BlockStory.China);
        for (int i = 0; i < NumberBlock.NumbersPerBlock; i += every)
        {
            index.Put((ushort)i, i % 3 == 0 ? expiring : i % 5 == 0 ? ported : plain);
        }

        BlockIndex reopened = Reopened(index);

        for (int i = 0; i < NumberBlock.NumbersPerBlock; i++)
        {
            Assert.Equal(index.HolderOf((ushort)i), reopened.HolderOf((ushort)i));
            Assert.Equal(index.LenderOf((ushort)i, ANumber.Lender), reopened.LenderOf((ushort)i, ANumber.Lender));
            Assert.Equal(index.CarrierOf((ushort)i), reopened.CarrierOf((ushort)i));
        }

        Assert.True(reopened.Bytes <= index.Bytes);
    }

    [Fact]
    public void A_snapshot_opens_at_its_own_block_position_and_hash_only()
    {
        (BlockIndex index, StoredSnapshot snapshot) = Some();

        Assert.NotNull(Sealer.Snapshots.Open(index.Block, snapshot));
        Assert.Null(Sealer.Snapshots.Open(BlockStory.America, snapshot));
        Assert.Null(Sealer.Snapshots.Open(index.Block, snapshot with { Position = snapshot.Position + 1 }));
        Assert.Null(Sealer.Snapshots.Open(index.Block, snapshot with { Hash = new Hash256(1, 2) }));
        using var other = new Sealer(new MasterKey([.. Enumerable.Repeat((byte)1, MasterKey.Size)]));
        Assert.Null(other.Snapshots.Open(index.Block, snapshot));
    }

    [Fact]
    public void A_snapshot_that_was_changed_or_cut_anywhere_does_not_open()
    {
        (BlockIndex index, StoredSnapshot snapshot) = Some();
        for (int i = 0; i < snapshot.Sealed.Length; i++)
        {
            byte[] changed = [.. snapshot.Sealed];
            changed[i] ^= 0x10;
            Assert.Null(Sealer.Snapshots.Open(index.Block, snapshot with { Sealed = changed }));
            Assert.Null(Sealer.Snapshots.Open(index.Block, snapshot with { Sealed = snapshot.Sealed[..i] }));
        }
    }

    [Fact]
    public void Another_format_is_not_opened_though_it_was_sealed_so()
    {
        (BlockIndex index, _) = Some();
        byte[] bytes = SnapshotCodec.Encode(index);
        bytes[0]++;

        StoredSnapshot newer = Sealer.Snapshots.Seal(index.Block, index.Head, bytes, Nonce);

        Assert.NotNull(Sealer.Snapshots.TryOpen(index.Block, newer));
        Assert.Null(Sealer.Snapshots.Open(index.Block, newer));
    }

    /// <summary>What no key protects from is a fault of the program: it must not read outside of arrays.</summary>
    [Fact]
    public void Bytes_that_no_index_is_written_as_are_refused_or_read_but_never_break_out()
    {
        NumberState bound = ANumber.Covered.Bound(In2026.Jan(5), expiresAt: In2026.Noon(In2026.Mar(1))).State;
        var index = new BlockIndex(BlockStory.China);
        index.Put(ANumber.Covered.Story.Ranges());
        for (int i = 0; i < 400; i += 2) index.Put((ushort)i, bound);
        byte[] bytes = SnapshotCodec.Encode(index);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0xA5;
            try
            {
                BlockIndex read = SnapshotCodec.Decode(index.Block, 1, default, changed);
                for (int offset = 0; offset < NumberBlock.NumbersPerBlock; offset += 101)
                {
                    _ = read.LenderOf((ushort)offset, ANumber.Lender);
                }
            }
            catch (FormatException)
            {
                // Refused.
            }
        }

        for (int length = 0; length < bytes.Length; length += 7)
        {
            byte[] cut = bytes[..length];
            Assert.Throws<FormatException>(() => SnapshotCodec.Decode(index.Block, 1, default, cut));
        }
    }

    private static (BlockIndex Index, StoredSnapshot Snapshot) Some()
    {
        BlockStory story = ANumber.Covered.Bound(In2026.Jan(5)).Disconnected(In2026.Mar(1)).Story;
        BlockIndex index = BlockFold.Fold(story.Block, Sealer, story.Sealed(Sealer)).ToIndex(story.Block);
        return (index, Sealer.Snapshots.Seal(index.Block, index.Head, SnapshotCodec.Encode(index), Nonce));
    }

    private static BlockIndex Reopened(BlockIndex index)
    {
        StoredSnapshot snapshot = Sealer.Snapshots.Seal(index.Block, index.Head, SnapshotCodec.Encode(index), Nonce);
        BlockIndex? reopened = Sealer.Snapshots.Open(index.Block, snapshot);
        Assert.NotNull(reopened);
        Assert.Equal(index.Head, reopened.Head);
        return reopened;
    }
}
