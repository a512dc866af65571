namespace NumberLedger.Ledger.Tests;

/// <summary>
/// One number and what was recorded of it, told in the order of recording. Every method gives a new story.
/// </summary>
/// <remarks>
/// A question is answered three times: by a replay, by a block's index, and by the oracle. They must agree before a
/// test sees the answer.
/// </remarks>
internal sealed record ANumber(BlockStory Story)
{
    public const string Carrier = "carrier-a";
    public const string OtherCarrier = "carrier-b";
    public const string Lender = "acme";
    public const string OtherLender = "other-lender";

    private const ushort Offset = 1_234;
    private static readonly DateTimeOffset RecordedFrom = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>In a Chinese range of <see cref="Carrier"/>, tracked since 2020-01-01.</summary>
    public static ANumber Covered { get; } = Uncovered.InRange(Carrier, new DateOnly(2020, 1, 1));

    public static ANumber American { get; } =
        new ANumber(new BlockStory(BlockStory.America, [])).InRange(Carrier, new DateOnly(2020, 1, 1));

    public static ANumber Uncovered => new(new BlockStory(BlockStory.China, []));

    public NumberState State => Story.StateOf(Offset);
    public Timeline Timeline => Timeline.Of(State.Reports);
    public HolderFacts Holder => Replay.HolderOf(Story, Offset);
    public OracleRecord Record => Story.RecordOf(Offset);

    private DateTimeOffset NextRecordedAt => Story.Contents.Count == 0
        ? RecordedFrom
        : Story.Contents[^1].RecordedAt.AddMinutes(1);

    public ANumber InRange(string carrier, DateOnly trackedSince) =>
        Says(new LedgerEvent.RangeSet(carrier, 0, 9, trackedSince), EntryContent.NoOffset);

    public ANumber RangeEnded(string carrier = Carrier) =>
        Says(new LedgerEvent.RangeEnded(carrier, 0, 9), EntryContent.NoOffset);

    public ANumber Disconnected(DateOnly on, string by = Carrier, string? id = null) =>
        Reports(CarrierEventKind.Disconnected, on, by, id);

    public ANumber Reassigned(DateOnly on, string by = Carrier, string? id = null) =>
        Reports(CarrierEventKind.Reassigned, on, by, id);

    public ANumber PortedOut(DateOnly on, string by = Carrier, string? id = null) =>
        Reports(CarrierEventKind.PortedOut, on, by, id);

    public ANumber PortedIn(DateOnly on, string by = OtherCarrier, string? id = null) =>
        Reports(CarrierEventKind.PortedIn, on, by, id);

    public ANumber Reports(CarrierEventKind kind, DateOnly on, string by = Carrier, string? id = null) =>
        Says(new LedgerEvent.CarrierReport(kind, by, id ?? $"told-{Story.Contents.Count}", on, null, null));

    public ANumber Retracted(string id, string by = Carrier, string? ownId = null) =>
        Says(new LedgerEvent.CarrierReport(
            CarrierEventKind.Retracted, by, ownId ?? $"told-{Story.Contents.Count}", null, null, id));

    public ANumber Bound(
        DateOnly on, Purposes purposes = Purposes.All, BindingRole role = BindingRole.Borrower, string lender = Lender,
        DateTimeOffset? expiresAt = null)
    {
        DateTimeOffset at = In2026.Noon(on);
        return Says(new LedgerEvent.Bound(
            lender, role, purposes, at, Country.Of(Story.Block).ConsentDay(at), expiresAt, null));
    }

    public ANumber Released(string lender = Lender) => Says(new LedgerEvent.Released(lender));

    public ANumber OptedOut(DateOnly on, string? lender = null, Purposes purposes = Purposes.All) =>
        Says(new LedgerEvent.OptedOut(lender, purposes, In2026.Noon(on), "somebody"));

    public ANumber Says(LedgerEvent happened, ushort offset = Offset) => this with
    {
        Story = Story with { Contents = [.. Story.Contents, new EntryContent(NextRecordedAt, offset, happened)] },
    };

    /// <summary>The record as it was known at an instant.</summary>
    public ANumber AsKnownAt(DateTimeOffset instant) => this with
    {
        Story = Story with { Contents = [.. Story.Contents.Where(content => content.RecordedAt <= instant)] },
    };

    public Answer Check(
        Purposes purpose = Purposes.Marketing, DateOnly? consentedOn = null, DateTimeOffset? now = null,
        string lender = Lender)
    {
        var asked = new Asked(Offset, lender, purpose, consentedOn, now ?? In2026.Noon(In2026.Dec(31)));
        var index = new BlockIndex(Story.Block);
        index.Put(Offset, State);
        index.Put(Story.Ranges());

        Answer answer = Replay.Decide(Story, asked);
        Assert.Equal(Replay.ByOracle(Story, asked), answer);
        Assert.Equal(answer, index.Check(Offset, lender, asked.Question, asked.Moment));
        return answer;
    }
}

/// <summary>Days of one year, short enough to read a story by.</summary>
internal static class In2026
{
    public static DateOnly Jan(int day) => new(2026, 1, day);
    public static DateOnly Feb(int day) => new(2026, 2, day);
    public static DateOnly Mar(int day) => new(2026, 3, day);
    public static DateOnly Apr(int day) => new(2026, 4, day);
    public static DateOnly May(int day) => new(2026, 5, day);
    public static DateOnly Jun(int day) => new(2026, 6, day);
    public static DateOnly Dec(int day) => new(2026, 12, day);

    public static DateTimeOffset Noon(DateOnly day) => new(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);
}
