using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>What fsck judges, on stories: silent about sound ones, never silent about a changed one.</summary>
public sealed class InspectionTests
{
    private static readonly Sealer Sealer = new(new MasterKey(new byte[MasterKey.Size]));
    private static readonly DateTimeOffset Now = new(2026, 7, 2, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<BlockStory> Stories = Histories.Story(24).Where(story => story.Contents.Count > 0);

    [Fact]
    public void Any_story_as_it_was_written_is_sound() => Stories.Sample(story =>
    {
        List<StoredEntry> stored = story.Sealed(Sealer);

        Assert.Empty(BlockInspection.Judge(Raw(story, stored), Sealer).Findings);
        Assert.Empty(IndexInspection.Judge(story.Block, Sealer, stored, Now));
    }, iter: 300);

    [Fact]
    public void Any_flipped_bit_is_found_at_its_position() => Gen.Select(
        Stories, Gen.Int[0, 999], Gen.Int[0, 3], Gen.Int[0, 99_999])
        .Sample((story, victim, column, bit) =>
        {
            List<StoredEntry> stored = story.Sealed(Sealer);
            int at = victim % stored.Count;
            RawBlock raw = Raw(story, stored);
            RawEntry entry = raw.Entries[at];
            byte[][] columns = [entry.Tag, entry.Salt!, entry.Sealed, entry.Hash];
            byte[] bytes = columns[column];
            bytes[bit / 8 % bytes.Length] ^= (byte)(1 << (bit % 8));

            Assert.Contains(BlockInspection.Judge(raw, Sealer).Findings, finding => finding.Position == at + 1);
        }, iter: 2_000);

    [Fact]
    public void Any_entry_left_out_is_found_at_its_position() => Gen.Select(
        Stories, Gen.Int[0, 999])
        .Sample((story, victim) =>
        {
            List<StoredEntry> stored = story.Sealed(Sealer);
            int at = victim % stored.Count;
            RawBlock raw = Raw(story, stored);
            RawBlock cut = raw with { Entries = [.. raw.Entries.Where(entry => entry.Position != at + 1)] };

            Finding finding = BlockInspection.Judge(cut, Sealer).Findings[0];
            Assert.Equal((FindingKind.PositionsMissing, at + 1), (finding.Kind, finding.Position));
        }, iter: 1_000);

    [Fact]
    public void An_index_that_missed_an_entry_is_found()
    {
        BlockStory story = ANumber.Covered.Bound(In2026.Jan(5)).Disconnected(In2026.Mar(1)).Story;
        List<StoredEntry> stored = story.Sealed(Sealer);
        BlockFold.Block folded = BlockFold.Fold(story.Block, Sealer, stored);
        BlockIndex behind = BlockFold.Fold(story.Block, Sealer, stored[..^1]).ToIndex(story.Block);
        behind.MoveTo(folded.Head);

        Finding finding = Assert.Single(IndexInspection.Compare(behind, folded, Now, "the index"));

        Assert.Equal(FindingKind.IndexDiffers, finding.Kind);
        Assert.Contains("a number with 2 entries", finding.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_that_knows_more_than_was_written_is_found()
    {
        BlockStory story = ANumber.Covered.Bound(In2026.Jan(5)).Story;
        BlockFold.Block folded = BlockFold.Fold(story.Block, Sealer, story.Sealed(Sealer));
        BlockIndex index = folded.ToIndex(story.Block);
        index.Put(9_998, folded.Numbers.Values.First().State);

        Finding finding = Assert.Single(IndexInspection.Compare(index, folded, Now, "the index"));

        Assert.Equal("the index knows of a number that has no entry.", finding.Problem);
    }

    [Fact]
    public void The_snapshot_of_any_story_at_any_position_is_sound() => Gen.Select(Stories, Gen.Int[0, 999])
        .Sample((story, at) =>
        {
            List<StoredEntry> stored = story.Sealed(Sealer);
            StoredSnapshot snapshot = SnapshotOf(stored[..(1 + (at % stored.Count))], story.Block);

            Assert.Empty(SnapshotInspection.Judge(Raw(story, stored, snapshot), Sealer, stored));
        }, iter: 300);

    [Fact]
    public void A_snapshot_of_less_under_the_right_key_position_and_hash_is_found()
    {
        BlockStory story = ANumber.Covered.Bound(In2026.Jan(5)).OptedOut(In2026.Jan(6)).Story;
        List<StoredEntry> stored = story.Sealed(Sealer);
        BlockIndex index = BlockFold.Fold(story.Block, Sealer, stored[..^1]).ToIndex(story.Block);
        index.MoveTo(BlockFold.Fold(story.Block, Sealer, stored).Head);

        StoredSnapshot forgetful = Sealer.Snapshots.Seal(
            story.Block, index.Head, SnapshotCodec.Encode(index), new byte[SnapshotSealer.NonceSize]);

        Finding finding = Assert.Single(SnapshotInspection.Judge(Raw(story, stored, forgetful), Sealer, stored));
        Assert.Equal((FindingKind.SnapshotWrong, stored.Count), (finding.Kind, finding.Position));
        Assert.Contains("otherwise than its entries", finding.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_past_the_entries_or_of_another_entry_is_found()
    {
        BlockStory story = ANumber.Covered.Bound(In2026.Jan(5)).OptedOut(In2026.Jan(6)).Story;
        BlockStory other = ANumber.Covered.Bound(In2026.Jan(5)).Disconnected(In2026.Mar(1)).Story;
        List<StoredEntry> stored = story.Sealed(Sealer);
        StoredSnapshot[] wrong =
            [SnapshotOf(stored, story.Block), SnapshotOf(other.Sealed(Sealer), story.Block)];

        Assert.Single(SnapshotInspection.Judge(Raw(story, stored[..^1], wrong[0]), Sealer, stored[..^1]));
        Assert.Single(SnapshotInspection.Judge(Raw(story, stored, wrong[1]), Sealer, stored));
    }

    [Fact]
    public void A_registry_that_does_not_fold_is_found_where_it_stops()
    {
        Pseudonym tag = Sealer.TagOf(NumberBlock.Registry);
        LedgerEvent[] happened =
        [
            new LedgerEvent.PartyRegistered("acme", "ACME", PartyRole.Lender),
            new LedgerEvent.KeyRevoked("a key that was never added"),
        ];
        var stored = new List<StoredEntry>();
        Hash256 hash = Chain.Start(NumberBlock.Registry, tag);
        foreach (LedgerEvent one in happened)
        {
            NewEntry entry = Sealer.Next(
                NumberBlock.Registry, tag, stored.Count, hash, new EntryContent(Now, EntryContent.NoOffset, one), null,
                new byte[EntrySealer.RandomBytes]);
            stored.Add(new(stored.Count + 1, tag, entry.Version, entry.Salt, entry.Sealed, hash = entry.Hash, null));
        }

        Assert.Empty(RegistryInspection.Judge(Sealer, stored[..1]));
        Assert.Equal(2, Assert.Single(RegistryInspection.Judge(Sealer, stored)).Position);
    }

    [Fact]
    public void Every_kind_of_finding_says_what_to_do() => Assert.All(
        Enum.GetValues<FindingKind>(),
        kind => Assert.EndsWith(".", new Finding(null, null, kind, "").Remedy, StringComparison.Ordinal));

    private static StoredSnapshot SnapshotOf(List<StoredEntry> stored, NumberBlock block)
    {
        BlockIndex index = BlockFold.Fold(block, Sealer, stored).ToIndex(block);
        return Sealer.Snapshots.Seal(
            block, index.Head, SnapshotCodec.Encode(index), new byte[SnapshotSealer.NonceSize]);
    }

    private static RawBlock Raw(BlockStory story, List<StoredEntry> stored, StoredSnapshot? snapshot = null)
    {
        RawEntry[] entries = [.. stored.Select(entry => new RawEntry(
            entry.Position, entry.Tag.ToArray(), entry.Version, [.. entry.Salt!], [.. entry.Sealed],
            entry.Hash.ToArray(), null))];
        long recordedAt = story.Contents.Max(content => content.RecordedAt).ToUnixTimeMilliseconds();
        return new RawBlock(
            story.Block, new RawHead(entries.Length, [.. entries[^1].Hash], recordedAt), entries,
            snapshot is null ? null : new RawSnapshot(snapshot.Position, snapshot.Hash.ToArray(), snapshot.Sealed));
    }
}
