using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

/// <summary>Nothing that is stored can be changed, moved or taken out of the middle without being found.</summary>
public sealed class ChainTests
{
    private static readonly Sealer Sealer = new(new MasterKey(new byte[MasterKey.Size]));

    private static readonly BlockStory Story = ANumber.Covered.Bound(Jan(5)).Disconnected(Feb(1)).Reassigned(Jun(1))
        .Says(new LedgerEvent.Released("acme"), offset: 1_234)
        .Says(new LedgerEvent.OptedOut(null, Purposes.All, Noon(Jan(9)), "o"), 7)
        .InRange("carrier-a", Jan(1)).Story;

    [Fact]
    public void Changing_any_byte_of_any_entry_is_found()
    {
        List<StoredEntry> stored = Story.Sealed(Sealer);
        for (int i = 0; i < stored.Count; i++)
        {
            StoredEntry entry = stored[i];
            for (int at = 0; at < entry.Sealed.Length; at++)
            {
                AssertFound(stored, i, entry with { Sealed = Flip(entry.Sealed, at) });
            }

            for (int at = 0; at < entry.Salt!.Length; at++)
            {
                AssertFound(stored, i, entry with { Salt = Flip(entry.Salt, at) });
            }

            for (int at = 0; at < Hash256.Size; at++)
            {
                AssertFound(stored, i, entry with { Hash = Hash256.Read(Flip(entry.Hash.ToArray(), at)) });
            }

            for (int at = 0; at < Pseudonym.Size; at++)
            {
                AssertFound(stored, i, entry with { Tag = Pseudonym.Read(Flip(entry.Tag.ToArray(), at)) });
            }

            AssertFound(stored, i, entry with { Version = entry.Version + 1 });
            AssertFound(stored, i, entry with { Version = entry.Version - 1 });
            AssertFound(stored, i, entry with { Position = entry.Position + 1 });
            AssertFound(stored, i, entry with { Sealed = entry.Sealed[..^1] });
            AssertFound(stored, i, entry with { Sealed = [.. entry.Sealed, 0] });
        }
    }

    [Fact]
    public void The_same_without_any_key_when_the_salt_is_gone()
    {
        List<StoredEntry> stored = [.. Story.Sealed(Sealer).Select(entry => entry with { Salt = null })];
        BlockFold.Fold(Story.Block, Sealer, stored);
        for (int i = 0; i < stored.Count; i++)
        {
            for (int at = 0; at < stored[i].Sealed.Length; at++)
            {
                AssertFound(stored, i, stored[i] with { Sealed = Flip(stored[i].Sealed, at) });
            }
        }
    }

    [Fact]
    public void Two_entries_that_changed_places_are_found()
    {
        List<StoredEntry> stored = Story.Sealed(Sealer);
        for (int i = 0; i < stored.Count; i++)
        {
            for (int j = i + 1; j < stored.Count; j++)
            {
                List<StoredEntry> swapped = [.. stored];
                (swapped[i], swapped[j]) = (stored[j] with { Position = i + 1 }, stored[i] with { Position = j + 1 });
                // Of different chains: the order within each is what counts.
                if (stored[i].Tag != stored[j].Tag) continue;
                Assert.Throws<BrokenLedgerException>(() => BlockFold.Fold(Story.Block, Sealer, swapped));
            }
        }
    }

    [Fact]
    public void An_entry_taken_out_is_found_even_if_the_positions_are_closed_up()
    {
        List<StoredEntry> stored = Story.Sealed(Sealer);
        int first = stored.FindIndex(
            entry => entry.Version == 1 && stored.Exists(later => later.Tag == entry.Tag && later.Version == 2));
        List<StoredEntry> closed =
            [.. stored.Where((_, i) => i != first).Select((entry, i) => entry with { Position = i + 1 })];

        Assert.Throws<BrokenLedgerException>(() => BlockFold.Fold(Story.Block, Sealer, closed));
    }

    [Fact]
    public void A_block_cannot_be_passed_off_as_another()
    {
        List<StoredEntry> stored = [.. Story.Sealed(Sealer).Select(entry => entry with { Salt = null })];

        Assert.Throws<BrokenLedgerException>(() => BlockFold.Fold(BlockStory.America, Sealer, stored));
    }

    [Fact]
    public void A_chain_starts_with_its_block_and_tag_and_goes_on_as_documented()
    {
        byte[] tag = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        byte[] small = new byte[50];
        byte[] large = new byte[5_000]; // Past what is hashed on the stack.
        byte[] start = ByHand.ChainStart(BlockStory.China, tag);

        Hash256 hash = Chain.Start(BlockStory.China, Pseudonym.Read(tag));
        Assert.Equal(start, hash.ToArray());
        Assert.Equal(ByHand.ChainNext(1, start, small), Chain.Next(1, hash, small).ToArray());
        Assert.Equal(ByHand.ChainNext(2, start, large), Chain.Next(2, hash, large).ToArray());
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        byte[] flipped = [.. bytes];
        flipped[at] ^= 0x10;
        return flipped;
    }

    private static void AssertFound(List<StoredEntry> stored, int at, StoredEntry changed)
    {
        List<StoredEntry> tampered = [.. stored];
        tampered[at] = changed;
        Assert.Throws<BrokenLedgerException>(() => BlockFold.Fold(Story.Block, Sealer, tampered));
    }
}
