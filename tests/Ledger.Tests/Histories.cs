using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>
/// Random histories on a calendar small enough that days coincide, and wide enough that aging passes.
/// </summary>
internal static class Histories
{
    public static readonly DateOnly FirstDay = new(2026, 1, 5);

    public static readonly DateOnly[] Calendar =
        [.. new[] { 0, 1, 2, 3, 4, 6, 9, 31, 44, 45, 46, 89, 90, 91, 120 }.Select(FirstDay.AddDays)];

    public static readonly string[] Carriers = ["carrier-a", "carrier-b", "carrier-c"];
    public static readonly string[] Lenders = ["lender-1", "lender-2", "lender-3"];
    public static readonly ushort[] Offsets = [0, 999, 1_000, 9_999];

    public static readonly Gen<DateOnly> Day = Gen.OneOf(Calendar);
    public static readonly Gen<Purposes> Purpose = Gen.OneOf(
        Purposes.Marketing, Purposes.Servicing, Purposes.Collection, Purposes.Verification);

    public static readonly Gen<Purposes> SomePurposes = Gen.Int[1, 15].Select(bits => (Purposes)bits);

    public static readonly Gen<DateTimeOffset> Instant = Gen.Select(
        Day, Gen.OneOf(0, 30, 9 * 60, (23 * 60) + 30), Gen.OneOf(-10, -5, 0, 8, 14),
        (day, minutes, offset) => new DateTimeOffset(
            day.ToDateTime(TimeOnly.MinValue).AddMinutes(minutes), TimeSpan.FromHours(offset)));

    private static readonly Gen<string> EventId = Gen.Int[0, 6].Select(i => $"e{i}");

    public static readonly Gen<LedgerEvent> Report = Gen.Select(
        Gen.Frequency(
            (4, CarrierEventKind.Disconnected), (4, CarrierEventKind.Reassigned), (2, CarrierEventKind.PortedIn),
            (2, CarrierEventKind.PortedOut), (1, CarrierEventKind.Suspended), (1, CarrierEventKind.Reactivated),
            (1, CarrierEventKind.SimChanged), (3, CarrierEventKind.Retracted)),
        Gen.OneOf(Carriers), EventId, Day, EventId,
        (kind, carrier, id, day, other) => (LedgerEvent)(kind is CarrierEventKind.Retracted
            ? new LedgerEvent.CarrierReport(kind, carrier, id, null, null, other)
            : new LedgerEvent.CarrierReport(kind, carrier, id, day, null, null)));

    public static readonly Gen<LedgerEvent.OptedOut> Refusal = Gen.Select(
        Gen.OneOf<string?>([null, .. Lenders]), SomePurposes, Instant,
        (lender, purposes, at) => new LedgerEvent.OptedOut(lender, purposes, at, "someone"));

    private static readonly Gen<LedgerEvent> Released =
        Gen.OneOf(Lenders).Select(lender => (LedgerEvent)new LedgerEvent.Released(lender));

    private static readonly Gen<LedgerEvent> RangeEvent = Gen.Select(
        Gen.OneOf(Carriers), Gen.OneOf<(byte, byte)>((0, 9), (0, 0), (1, 9), (0, 1), (9, 9)), Day,
        Gen.Frequency((3, true), (1, false)),
        (carrier, thousands, since, set) => set
            ? (LedgerEvent)new LedgerEvent.RangeSet(carrier, thousands.Item1, thousands.Item2, since)
            : new LedgerEvent.RangeEnded(carrier, thousands.Item1, thousands.Item2));

    public static Gen<LedgerEvent> Bound(NumberBlock block) => Gen.Select(
        Gen.OneOf(Lenders), Gen.OneOf(BindingRole.Borrower, BindingRole.Guarantor, BindingRole.Contact),
        SomePurposes, Instant,
        Gen.Frequency((2, Gen.Const((DateTimeOffset?)null)), (1, Instant.Select(at => (DateTimeOffset?)at)),
            (1, Gen.OneOf<DateTimeOffset?>(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(-3)))),
        (lender, role, purposes, at, expires) => (LedgerEvent)new LedgerEvent.Bound(
            lender, role, purposes, at, Country.Of(block).ConsentDay(at), expires, null));

    /// <summary>What may happen to one number, in any order.</summary>
    public static Gen<LedgerEvent> NumberEvent(NumberBlock block) => Gen.Frequency(
        (8, Report), (3, Bound(block)), (1, Released), (3, Refusal.Select(refusal => (LedgerEvent)refusal)));

    /// <summary>A block with ranges and a few numbers, some of which nothing is recorded of.</summary>
    public static Gen<BlockStory> Story(int countMax) =>
        Gen.OneOf(BlockStory.China, BlockStory.America, BlockStory.Germany).SelectMany(block =>
            Gen.Frequency(
                (1, RangeEvent.Select(happened => (EntryContent.NoOffset, happened))),
                (6, Gen.Select(Gen.OneOf(Offsets), NumberEvent(block))))
            .List[0, countMax]
            .Select(happened => Tell(block, happened)));

    /// <summary>One number with much to tell.</summary>
    public static Gen<BlockStory> StoryOfOneNumber(int countMax) =>
        Gen.OneOf(BlockStory.China, BlockStory.America, BlockStory.Germany).SelectMany(block =>
            Gen.Select(
                Gen.OneOf<LedgerEvent?>(null, new LedgerEvent.RangeSet("carrier-a", 0, 9, Calendar[2])),
                NumberEvent(block).List[0, countMax],
                (range, happened) => Tell(block, [
                    .. range is null ? [] : new[] { (EntryContent.NoOffset, range) },
                    .. happened.Select(e => ((ushort)0, e))])));

    public static Gen<Asked> Question(params ushort[] offsets) => Gen.Select(
        Gen.OneOf(offsets), Gen.OneOf([.. Lenders, "lender-unknown"]), Purpose,
        Gen.Frequency((1, Gen.Const((DateOnly?)null)), (1, Day.Select(day => (DateOnly?)day))),
        Instant,
        (offset, lender, purpose, day, now) => new Asked(offset, lender, purpose, day, now));

    /// <summary>
    /// Leaves out what the rules would never record: an event id used twice, a release without a binding.
    /// </summary>
    public static BlockStory Tell(NumberBlock block, IEnumerable<(ushort Offset, LedgerEvent Event)> happened)
    {
        var contents = new List<EntryContent>();
        var ids = new HashSet<(ushort, string, string)>();
        var bound = new HashSet<(ushort, string)>();
        DateTimeOffset at = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
        foreach ((ushort offset, LedgerEvent told) in happened)
        {
            if (told is LedgerEvent.CarrierReport report && !ids.Add((offset, report.Carrier, report.EventId)))
            {
                continue;
            }

            if (told is LedgerEvent.Bound binding) bound.Add((offset, binding.Lender));
            if (told is LedgerEvent.Released released && !bound.Contains((offset, released.Lender))) continue;
            contents.Add(new EntryContent(at = at.AddMinutes(1), offset, told));
        }

        return new BlockStory(block, contents);
    }
}
