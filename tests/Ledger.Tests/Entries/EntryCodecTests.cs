using System.Reflection;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

public sealed class EntryCodecTests
{
    public static TheoryData<string> Kinds => [.. ClosedList.Select(type => type.Name)];

    private static IEnumerable<Type> ClosedList => typeof(LedgerEvent)
        .GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)
        .Where(type => type.IsAssignableTo(typeof(LedgerEvent)));

    [Fact]
    public void Every_case_of_the_closed_list_is_tested() =>
        Assert.Equal(
            ClosedList.Select(type => type.Name).Order(), Contents.Events.Keys.Select(type => type.Name).Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_event_of_every_kind_survives(string kind) =>
        Contents.Of(Contents.Events.Single(pair => pair.Key.Name == kind).Value).Sample(content =>
        {
            EntryContent read = EntryCodec.Decode(EntryCodec.Encode(content));

            Assert.Equal(content, read);
            // Offsets of instants too, which equality ignores.
            Assert.Equal(content.Event.ToString(), read.Event.ToString());
        }, iter: 1_000);

    [Fact]
    public void Equal_contents_have_equal_bytes_and_others_have_others() => Gen.Select(Contents.Any, Contents.Any)
        .Sample((one, other) =>
        {
            EntryContent copy = EntryCodec.Decode(EntryCodec.Encode(one));
            Assert.Equal(EntryCodec.Encode(one), EntryCodec.Encode(copy));
            if (one != other) Assert.NotEqual(EntryCodec.Encode(one), EntryCodec.Encode(other));
        }, iter: 5_000);

    [Fact]
    public void Kinds_have_codes_of_their_own()
    {
        IEnumerable<byte> codes = Contents.Events.Values.Select(kind => EntryCodec.Encode(Content(kind.Single()))[1]);

        Assert.Equal(Enumerable.Range(1, Contents.Events.Count), codes.Select(code => (int)code).Order());
    }

    [Fact]
    public void Bytes_cut_short_are_malformed() => Contents.Any.Sample(content =>
    {
        byte[] bytes = EntryCodec.Encode(content);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<FormatException>(() => EntryCodec.Decode(bytes.AsSpan(0, length)));
        }
    }, iter: 200);

    [Fact]
    public void Bytes_with_more_behind_them_are_malformed() => Gen.Select(Contents.Any, Gen.Byte.Array[1, 9])
        .Sample((content, more) => Assert.Throws<FormatException>(
            () => EntryCodec.Decode([.. EntryCodec.Encode(content), .. more])));

    [Fact]
    public void Changed_bytes_are_malformed_or_the_canonical_ones_of_something_else() => Gen.Select(
        Contents.Any, Gen.Int[0, 1_000], Gen.Byte[1, 255])
        .Sample((content, at, flip) =>
        {
            byte[] bytes = EntryCodec.Encode(content);
            bytes[at % bytes.Length] ^= flip;
            AssertCanonicalOrMalformed(bytes);
        }, iter: 50_000);

    [Fact]
    public void Bytes_from_anywhere_are_malformed_or_canonical() => Gen.Select(
        Gen.Byte[0, 13], Gen.Byte.Array[0, 60])
        .Sample(
            (kind, bytes) =>
                AssertCanonicalOrMalformed([EntryCodec.Format, kind, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, .. bytes]),
            iter: 50_000);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public void Another_format_is_not_guessed_at(byte format)
    {
        byte[] bytes = EntryCodec.Encode(Content(new LedgerEvent.Released("acme")));
        bytes[0] = format;

        Assert.Throws<FormatException>(() => EntryCodec.Decode(bytes));
    }

    public static TheoryData<LedgerEvent> Impossible =>
    [
        new LedgerEvent.CarrierReport((CarrierEventKind)0, "c", "e", null, null, null),
        new LedgerEvent.CarrierReport((CarrierEventKind)9, "c", "e", null, null, null),
        new LedgerEvent.Bound("l", (BindingRole)0, Purposes.All, default, default, null, null),
        new LedgerEvent.Bound("l", (BindingRole)4, Purposes.All, default, default, null, null),
        new LedgerEvent.Bound("l", BindingRole.Borrower, (Purposes)16, default, default, null, null),
        new LedgerEvent.OptedOut(null, (Purposes)16, default, "o"),
        new LedgerEvent.RangeSet("c", 0, 10, default),
        new LedgerEvent.RangeEnded("c", 10, 0),
        new LedgerEvent.PartyRegistered("p", "n", (PartyRole)6),
        new LedgerEvent.Released("\uD800"), // Half a character.
    ];

    /// <summary>What could not be read again must not be written: it would close its block for ever.</summary>
    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_no_entry_can_say_is_not_written(LedgerEvent happened) =>
        Assert.ThrowsAny<ArgumentException>(() => EntryCodec.Encode(Content(happened)));

    [Fact]
    public void An_offset_is_one_of_ten_thousand_or_none()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => EntryCodec.Encode(Content(new LedgerEvent.Released("acme")) with { Offset = 10_000 }));

        byte[] bytes = EntryCodec.Encode(Content(new LedgerEvent.Released("acme")) with { Offset = 9_999 });
        (bytes[2], bytes[3]) = (10_000 >> 8, 10_000 & 0xFF);
        Assert.Throws<FormatException>(() => EntryCodec.Decode(bytes));
    }

    [Fact]
    public void The_longest_text_is_written_and_read()
    {
        EntryContent content = Content(new LedgerEvent.Released(new string('x', EntryCodec.TextBytesMax)));

        Assert.Equal(content, EntryCodec.Decode(EntryCodec.Encode(content)));
        Assert.Throws<OverflowException>(
            () => EntryCodec.Encode(Content(new LedgerEvent.Released(new string('x', EntryCodec.TextBytesMax + 1)))));
    }

    private static EntryContent Content(LedgerEvent happened) => new(DateTimeOffset.UnixEpoch, 1_234, happened);

    private static void AssertCanonicalOrMalformed(byte[] bytes)
    {
        EntryContent content;
        try
        {
            content = EntryCodec.Decode(bytes);
        }
        catch (FormatException)
        {
            return;
        }

        Assert.Equal(bytes, EntryCodec.Encode(content));
    }
}
