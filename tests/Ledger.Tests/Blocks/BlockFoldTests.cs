using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>From the bytes of a store to answers, at once or bit by bit.</summary>
public sealed class BlockFoldTests
{
    private static readonly Sealer Sealer = new(new MasterKey(new byte[MasterKey.Size]));
    private static readonly Gen<Asked[]> Questions = Histories.Question([.. Histories.Offsets, 5_555]).Array[16];

    [Fact]
    public void A_folded_block_answers_as_its_story() => Gen.Select(Histories.Story(24), Questions)
        .Sample((story, questions) =>
        {
            List<StoredEntry> stored = story.Sealed(Sealer);
            BlockFold.Block folded = BlockFold.Fold(story.Block, Sealer, stored);
            BlockIndex index = folded.ToIndex(story.Block);

            BlockIndexTests.AssertAnswersAsTheStory(story, index, questions);
            AssertIsAtTheEnd(story, stored, index);
            foreach (ushort offset in story.Offsets)
            {
                (ushort foldedOffset, NumberState state) = folded.Numbers[story.TagOf(Sealer, offset)];
                Assert.Equal(offset, foldedOffset);
                Assert.Equal(story.StateOf(offset).Reports, state.Reports);
            }
        }, iter: 1_000);

    [Fact]
    public void An_index_brought_up_to_date_bit_by_bit_answers_as_its_story() => Gen.Select(
        Histories.Story(24), Questions, Gen.Int[1, 6].Array[24])
        .Sample((story, questions, steps) =>
        {
            List<StoredEntry> stored = story.Sealed(Sealer);
            int count = stored.Count == 0 ? 0 : steps[0] % (stored.Count + 1);
            BlockIndex index = BlockFold.Fold(story.Block, Sealer, [.. stored.Take(count)]).ToIndex(story.Block);
            foreach (int step in steps)
            {
                StoredEntry[] tail = [.. stored.Skip(count).Take(step)];
                HashSet<Pseudonym> tags = [.. tail.Select(entry => entry.Tag)];
                StoredEntry[] ofTags =
                    [.. stored.Where(entry => tags.Contains(entry.Tag)).OrderBy(entry => entry.Version)];
                index.Put(BlockFold.FoldTail(story.Block, Sealer, index.Head, tail, ofTags));
                count += tail.Length;

                BlockStory sofar = story with { Contents = [.. story.Contents.Take(count)] };
                BlockIndexTests.AssertAnswersAsTheStory(sofar, index, questions);
                AssertIsAtTheEnd(sofar, stored[..count], index);
            }
        }, iter: 500);

    [Fact]
    public void Entries_after_a_head_are_not_taken_without_all_that_their_numbers_have()
    {
        ANumber number = ANumber.Covered.Bound(In2026.Jan(5)).OptedOut(In2026.Jan(6)).Disconnected(In2026.Mar(1));
        List<StoredEntry> stored = number.Story.Sealed(Sealer);
        BlockHead known = BlockFold.Fold(number.Story.Block, Sealer, stored[..3]).Head;

        // The read of whole tags lacks the disconnect, as from a replica that is behind.
        Assert.Throws<BrokenLedgerException>(
            () => BlockFold.FoldTail(number.Story.Block, Sealer, known, stored[3..], stored[1..3]));
        Assert.Throws<BrokenLedgerException>(
            () => BlockFold.FoldTail(number.Story.Block, Sealer, known, stored[3..], []));
    }

    /// <summary>As when a store failed over between two reads: the same positions, another history.</summary>
    [Fact]
    public void The_head_of_one_history_is_not_taken_with_the_entries_of_another()
    {
        ANumber number = ANumber.Covered.Bound(In2026.Jan(5));
        List<StoredEntry> refused = number.OptedOut(In2026.Jan(6)).Story.Sealed(Sealer);
        List<StoredEntry> renewed = number.Bound(In2026.Jan(6)).Story.Sealed(Sealer);
        BlockHead known = BlockFold.Fold(number.Story.Block, Sealer, refused[..2]).Head;

        Assert.Throws<BrokenLedgerException>(
            () => BlockFold.FoldTail(number.Story.Block, Sealer, known, refused[2..], renewed[1..]));
    }

    [Fact]
    public void A_gap_in_the_positions_is_found_and_placed()
    {
        List<StoredEntry> stored = ANumber.Covered.Bound(In2026.Jan(5)).Disconnected(In2026.Mar(1))
            .Story.Sealed(Sealer);

        BrokenLedgerException broken = Assert.Throws<BrokenLedgerException>(
            () => BlockFold.Fold(BlockStory.China, Sealer, [stored[0], stored[2]]));
        Assert.Equal(2, broken.Position);
        Assert.Equal(BlockStory.China, broken.Block);
    }

    private static void AssertIsAtTheEnd(BlockStory story, List<StoredEntry> stored, BlockIndex index)
    {
        Assert.Equal(stored.Count, index.Head.Position);
        if (stored.Count == 0) return;
        Assert.Equal(stored[^1].Hash, index.Head.Hash);
        Assert.Equal(story.Contents[^1].RecordedAt, index.Head.RecordedAt);
    }
}
