namespace NumberLedger.Api;

/// <summary>
/// Kinds as carriers write them: those of <see cref="CarrierEventKind"/>, with its values, and one about a range.
/// </summary>
internal enum EventKind : byte
{
    Disconnected = CarrierEventKind.Disconnected,
    Reassigned = CarrierEventKind.Reassigned,
    PortedIn = CarrierEventKind.PortedIn,
    PortedOut = CarrierEventKind.PortedOut,
    Suspended = CarrierEventKind.Suspended,
    Reactivated = CarrierEventKind.Reactivated,
    SimChanged = CarrierEventKind.SimChanged,
    Retracted = CarrierEventKind.Retracted,

    /// <summary>Not about a number: the feed of a range is complete through a day.</summary>
    FeedAlive = 100,
}

/// <summary>One event of a carrier. Without faults, exactly the members of its kind are set.</summary>
internal sealed record CarrierEvent(
    string? EventId, EventKind? Kind, PhoneNumber? Number, DateOnly? EffectiveOn, string? OtherCarrier,
    string? Retracts,
    PhoneNumber? From, PhoneNumber? To, DateOnly? CompleteThrough)
{
    private static readonly TextField EventIdField = new(
        "eventId", true, Limits.EventIdCharsMax,
        "Your own name for the event, unique for you and the number. Sent again with the same content it is a duplicate.");

    private static readonly WordField<EventKind> KindField = new("kind", true, "What happened.");

    private static readonly NumberField NumberField = new(
        "number", false, "The number it happened to. Required, except with feed_alive.");

    private static readonly DayField EffectiveOnField = new(
        "effectiveOn", false,
        "The calendar day on which it happened: not later than tomorrow (UTC), not before 1950-01-01. Required, except with "
        + "retracted (optional) and feed_alive (not taken).");

    private static readonly TextField OtherCarrierField = new(
        "otherCarrier", false, Limits.PartyIdCharsMax,
        "With ported_in and ported_out only: the carrier at the other end, as you name it.");

    private static readonly TextField RetractsField = new(
        "retracts", false, Limits.EventIdCharsMax, "With retracted only, required: your event that was a mistake.");

    private static readonly NumberField FromField = new(
        "from", false, "With feed_alive only, required: the first number of your range, or of a part of it.",
        "+8613800000000");

    private static readonly NumberField ToField = new(
        "to", false, "With feed_alive only, required: the last number.", "+8613800009999");

    private static readonly DayField CompleteThroughField = new(
        "completeThrough", false,
        "With feed_alive only, required: the day through which you have reported everything. Not later than today (UTC).");

    public static readonly Shape<CarrierEvent> Shape = new(
        "CarrierEvent", "What a carrier says happened to a number, or how far its feed is complete.",
        [
            EventIdField, KindField, NumberField, EffectiveOnField, OtherCarrierField, RetractsField, FromField,
            ToField,
            CompleteThroughField,
        ],
        Read, """{"eventId":"e1","kind":"disconnected","number":"+8613800001234","effectiveOn":"2026-03-01"}""");

    private static CarrierEvent Read(Place at)
    {
        var happened = new CarrierEvent(
            EventIdField.Read(at), KindField.Read(at), NumberField.Read(at), EffectiveOnField.Read(at),
            OtherCarrierField.Read(at),
            RetractsField.Read(at), FromField.Read(at), ToField.Read(at), CompleteThroughField.Read(at));
        if (happened.Kind is { } kind) JudgeMembers(at, kind);
        if (happened is { From: { } from, To: { } to } && from > to)
        {
            at.Values.Add(ProblemCatalog.RangeReversed, at.PointerTo(ToField.Name));
        }

        return happened;
    }

    /// <summary>Which members a kind has.</summary>
    private static void JudgeMembers(in Place at, EventKind kind)
    {
        bool isFeed = kind is EventKind.FeedAlive;
        bool isPort = kind is EventKind.PortedIn or EventKind.PortedOut;
        bool isRetraction = kind is EventKind.Retracted;
        Judge(at, NumberField, kind, isTaken: !isFeed, isRequired: !isFeed);
        Judge(at, EffectiveOnField, kind, isTaken: !isFeed, isRequired: !isFeed && !isRetraction);
        Judge(at, OtherCarrierField, kind, isTaken: isPort, isRequired: false);
        Judge(at, RetractsField, kind, isTaken: isRetraction, isRequired: isRetraction);
        Judge(at, FromField, kind, isTaken: isFeed, isRequired: isFeed);
        Judge(at, ToField, kind, isTaken: isFeed, isRequired: isFeed);
        Judge(at, CompleteThroughField, kind, isTaken: isFeed, isRequired: isFeed);
    }

    private static void Judge(in Place at, Field field, EventKind kind, bool isTaken, bool isRequired)
    {
        bool isPresent = Field.IsPresent(at, field);
        if (isPresent && !isTaken)
        {
            at.Values.Add(
                ProblemCatalog.MemberNotAllowed, at.PointerTo(field.Name),
                $"{field.Name} does not belong to {Words<EventKind>.Of(kind)}.");
        }
        else if (!isPresent && isRequired)
        {
            at.Values.Add(
                ProblemCatalog.MemberRequired, at.PointerTo(field.Name),
                $"{field.Name} is required with {Words<EventKind>.Of(kind)}.");
        }
    }
}

internal sealed record CarrierEventsRequest(BatchItem<CarrierEvent>[] Events)
{
    private static readonly ItemsField<CarrierEvent> EventsField = new(
        "events", Limits.CarrierEventsMax, CarrierEvent.Shape,
        "Each is judged by itself. Events of one number are recorded in this order.");

    public static readonly Shape<CarrierEventsRequest> Shape = new(
        "CarrierEvents", "What happened to numbers.", [EventsField], Read,
        """
        {"events":[
        {"eventId":"e1","kind":"disconnected","number":"+8613800001234","effectiveOn":"2026-03-01"},
        {"eventId":"e2","kind":"reassigned","number":"+8613800001234","effectiveOn":"2026-07-01"},
        {"eventId":"e3","kind":"ported_out","number":"+8613800005678","effectiveOn":"2026-07-01","otherCarrier":"another"},
        {"eventId":"e4","kind":"retracted","number":"+8613800005678","retracts":"e3"},
        {"eventId":"e5","kind":"feed_alive","from":"+8613800000000","to":"+8613800009999","completeThrough":"2026-07-01"}]}
        """);

    private static CarrierEventsRequest? Read(Place at) =>
        EventsField.Read(at) is { } events ? new(events) : null;
}
