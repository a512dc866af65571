using CsCheck;
using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

public sealed class SealerTests
{
    private static readonly byte[] Master = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];
    private static readonly Sealer Sealer = new(new MasterKey(Master));
    private static readonly PhoneNumber Number = PhoneNumber.Parse("+8613800001234");

    [Fact]
    public void Pseudonyms_are_those_of_the_documented_construction()
    {
        Assert.Equal(ByHand.Tag(Master, Number), Sealer.TagOf(Number).ToArray());
        Assert.Equal(ByHand.Tag(Master, BlockStory.China), Sealer.TagOf(BlockStory.China).ToArray());
        Assert.Equal(ByHand.Tag(Master, NumberBlock.Registry), Sealer.TagOf(NumberBlock.Registry).ToArray());
    }

    [Fact]
    public void Sealed_bytes_and_hashes_are_those_of_the_documented_construction() => Gen.Select(
        Contents.Any, Gen.Long[1, 1_000_000], Gen.Byte.Array[EntrySealer.RandomBytes])
        .Sample((content, version, random) =>
        {
            (byte[] salt, byte[] nonce) = (random[..16], random[16..]);
            byte[] tag = ByHand.Tag(Master, Number);
            byte[] start = ByHand.ChainStart(BlockStory.China, tag);
            byte[] expected = ByHand.Seal(
                Master, EntryCodec.Encode(content), BlockStory.China, tag, version, salt, nonce);

            NewEntry entry = Sealer.Next(
                BlockStory.China, Sealer.TagOf(Number), version - 1,
                Chain.Start(BlockStory.China, Sealer.TagOf(Number)),
                content, null, random);

            Assert.Equal(expected, entry.Sealed);
            Assert.Equal(salt, entry.Salt);
            Assert.Equal(version, entry.Version);
            Assert.Equal(ByHand.ChainNext(version, start, expected), entry.Hash.ToArray());
        }, iter: 300);

    [Fact]
    public void A_sealed_entry_opens_where_it_belongs_and_nowhere_else()
    {
        Pseudonym tag = Sealer.TagOf(Number);
        StoredEntry entry = Seal([1, 2, 3], BlockStory.China, tag, 7);
        byte[] otherMaster = [.. Master];
        otherMaster[31] ^= 1;
        using var other = new Sealer(new MasterKey(otherMaster));

        Assert.Equal([1, 2, 3], Sealer.Open(BlockStory.China, entry));
        AssertBroken(() => Sealer.Open(BlockStory.America, entry));
        AssertBroken(() => Sealer.Open(BlockStory.China, entry with { Version = 8 }));
        AssertBroken(() => Sealer.Open(BlockStory.China, entry with { Tag = Sealer.TagOf(BlockStory.China) }));
        AssertBroken(() => other.Open(BlockStory.China, entry));
    }

    [Fact]
    public void A_salt_or_a_seal_of_another_length_is_broken()
    {
        StoredEntry entry = Seal([], BlockStory.China, Sealer.TagOf(Number), 1);

        Assert.Empty(Sealer.Open(BlockStory.China, entry)!);
        AssertBroken(() => Sealer.Open(BlockStory.China, entry with { Salt = [] }));
        AssertBroken(() => Sealer.Open(BlockStory.China, entry with { Salt = new byte[17] }));
        AssertBroken(() => Sealer.Open(BlockStory.China, entry with { Sealed = entry.Sealed[1..] }));
        AssertBroken(() => Sealer.Open(BlockStory.China, entry with { Sealed = [] }));
    }

    [Fact]
    public void An_entry_whose_salt_was_erased_has_no_content_and_is_not_broken()
    {
        StoredEntry entry = Seal([1, 2, 3], BlockStory.China, Sealer.TagOf(Number), 7);

        Assert.Null(Sealer.Open(BlockStory.China, entry with { Salt = null }));
    }

    [Fact]
    public void Entries_that_open_and_cannot_be_read_are_broken_at_their_place()
    {
        StoredEntry entry = Seal([9, 9, 9], BlockStory.China, Sealer.TagOf(Number), 7) with { Position = 42 };

        BrokenLedgerException broken =
            Assert.Throws<BrokenLedgerException>(() => Sealer.Read(BlockStory.China, entry));
        Assert.Equal(42, broken.Position);
    }

    [Fact]
    public void A_sealer_serves_many_threads_at_once() => Parallel.For(0, 2_000, offset =>
    {
        Assert.True(BlockStory.China.TryNumberAt(offset, out PhoneNumber number));
        Pseudonym tag = Sealer.TagOf(number);
        Assert.Equal(ByHand.Tag(Master, number), tag.ToArray());
        Assert.Equal([1, 2], Sealer.Open(BlockStory.China, Seal([1, 2], BlockStory.China, tag, offset)));
    });

    [Fact]
    public void No_phone_number_stands_in_what_a_broken_ledger_says()
    {
        List<StoredEntry> stored = ANumber.Covered.Bound(Jan(5)).Story.Sealed(Sealer);
        stored[1].Sealed[20] ^= 1;

        BrokenLedgerException broken =
            Assert.Throws<BrokenLedgerException>(() => BlockFold.Fold(BlockStory.China, Sealer, stored));
        Assert.DoesNotContain("8613800001234", broken.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("1234", broken.Message, StringComparison.Ordinal);
    }

    private static StoredEntry Seal(byte[] content, NumberBlock block, Pseudonym tag, long version)
    {
        byte[] salt = [.. Enumerable.Repeat((byte)1, 16)];
        byte[] nonce = [.. Enumerable.Repeat((byte)2, 12)];
        return new StoredEntry(
            1, tag, version, salt, Sealer.Seal(content, block, tag, version, salt, nonce), default, null);
    }

    private static void AssertBroken(Func<byte[]?> open) => Assert.Throws<BrokenLedgerException>(open);
}
