using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>Contents of entries, every kind with any values that its fields may have.</summary>
internal static class Contents
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char["abcXYZ019 -_:/"], 0, 20],
        Gen.OneOf("", "\u4E8C\u6B21\u653E\u53F7", "\U0001F4F5", "a\0b", "\u00E9", "e\u0301", "\uFFFD"));

    private static readonly Gen<string?> OptionalText = Gen.Frequency(
        (1, Gen.Const((string?)null)), (2, Text.Select(text => (string?)text)));
    private static readonly Gen<DateOnly> Day = Gen.Int[0, DateOnly.MaxValue.DayNumber].Select(DateOnly.FromDayNumber);
    private static readonly Gen<byte> Thousand = Gen.Byte[0, 9];
    private static readonly Gen<Purposes> AnyPurposes = Gen.Int[0, 15].Select(bits => (Purposes)bits);

    private static readonly Gen<PhoneNumber> Number = Gen.Int[0, 9_999].Select(offset =>
    {
        Assert.True(BlockStory.China.TryNumberAt(offset, out PhoneNumber number));
        return number;
    });

    private static readonly Gen<DateTimeOffset> Instant = Gen.Select(
        Gen.Long[DateTime.MinValue.AddDays(1).Ticks, DateTime.MaxValue.AddDays(-1).Ticks], Gen.Int[-14 * 60, 14 * 60],
        (ticks, minutes) => new DateTimeOffset(ticks, TimeSpan.FromMinutes(minutes)));

    private static readonly Gen<Hash256> Hash = Gen.Byte.Array[32].Select(bytes => Hash256.Read(bytes));

    public static readonly IReadOnlyDictionary<Type, Gen<LedgerEvent>> Events = new Dictionary<Type, Gen<LedgerEvent>>
    {
        [typeof(LedgerEvent.CarrierReport)] = Gen.Select(
            Gen.Enum<CarrierEventKind>(), Text, Text, Day.Nullable(), OptionalText, OptionalText,
            (kind, carrier, id, on, other, retracts) =>
                (LedgerEvent)new LedgerEvent.CarrierReport(kind, carrier, id, on, other, retracts)),
        [typeof(LedgerEvent.Bound)] = Gen.Select(
            Text, Gen.Enum<BindingRole>(), AnyPurposes, Instant, Day, Instant.Nullable(),
            Gen.Select(Gen.Bool, Text, OptionalText, OptionalText),
            (lender, role, purposes, at, on, expires, evidence) => (LedgerEvent)new LedgerEvent.Bound(
                lender, role, purposes, at, on, expires,
                evidence.Item1 ? new Evidence(evidence.Item2, evidence.Item3, evidence.Item4) : null)),
        [typeof(LedgerEvent.Released)] = Text.Select(lender => (LedgerEvent)new LedgerEvent.Released(lender)),
        [typeof(LedgerEvent.OptedOut)] = Gen.Select(
            OptionalText, AnyPurposes, Instant, Text,
            (lender, purposes, at, by) => (LedgerEvent)new LedgerEvent.OptedOut(lender, purposes, at, by)),
        [typeof(LedgerEvent.RangeSet)] = Gen.Select(
            Text, Thousand, Thousand, Day,
            (carrier, first, last, since) => (LedgerEvent)new LedgerEvent.RangeSet(carrier, first, last, since)),
        [typeof(LedgerEvent.RangeEnded)] = Gen.Select(
            Text, Thousand, Thousand,
            (carrier, first, last) => (LedgerEvent)new LedgerEvent.RangeEnded(carrier, first, last)),
        [typeof(LedgerEvent.PartyRegistered)] = Gen.Select(
            Text, Text, Gen.Enum<PartyRole>(),
            (party, name, role) => (LedgerEvent)new LedgerEvent.PartyRegistered(party, name, role)),
        [typeof(LedgerEvent.KeyAdded)] = Gen.Select(
            Text, Text, Hash, Text.Array[0, 4],
            (id, party, digest, scopes) =>
                (LedgerEvent)new LedgerEvent.KeyAdded(id, party, digest, new EquatableList<string>(scopes))),
        [typeof(LedgerEvent.KeyRevoked)] = Text.Select(id => (LedgerEvent)new LedgerEvent.KeyRevoked(id)),
        [typeof(LedgerEvent.RangeListed)] = Gen.Select(
            Text, Number, Number, Day,
            (carrier, from, to, since) => (LedgerEvent)new LedgerEvent.RangeListed(carrier, from, to, since)),
        [typeof(LedgerEvent.RangeDelisted)] = Gen.Select(
            Text, Number, Number, (carrier, from, to) => (LedgerEvent)new LedgerEvent.RangeDelisted(carrier, from, to)),
        [typeof(LedgerEvent.FeedReported)] = Gen.Select(
            Text, Text, Number, Number, Day,
            (carrier, id, from, to, through) =>
                (LedgerEvent)new LedgerEvent.FeedReported(carrier, id, from, to, through)),
    };

    public static Gen<EntryContent> Of(Gen<LedgerEvent> happened) => Gen.Select(
        Gen.Long[-62_135_596_800_000, 253_402_300_799_999],
        Gen.OneOf(Gen.Int[0, 9_999], Gen.Const((int)EntryContent.NoOffset)), happened,
        (unixMs, offset, what) =>
            new EntryContent(DateTimeOffset.FromUnixTimeMilliseconds(unixMs), (ushort)offset, what));

    public static Gen<EntryContent> Any { get; } = Of(Gen.OneOf([.. Events.Values]));
}
