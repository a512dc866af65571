namespace NumberLedger.Silo;

/// <param name="ConsentFrom">The first day on which the consent of this life was given.</param>
/// <param name="OldHolderUntil">
/// The last day of a holder before the one who consented; his refusals do not count.
/// </param>
internal readonly record struct SampleLife(DateOnly ConsentFrom, DateOnly ConsentTo, DateOnly? OldHolderUntil = null);

/// <summary>
/// Draws what happened to a number, as its carrier reports it, and when somebody consented meanwhile.
/// </summary>
internal sealed class SampleLives(SampleOptions options)
{
    // Out of a thousand covered numbers. docs/reference/samples.md has this table too.
    private static readonly (int, Kind)[] Kinds =
    [
        (866, Kind.Quiet),
        (42, Kind.RecycledAfterConsent), (14, Kind.RecycledBeforeConsent), (3, Kind.RecycledTwice),
        (4, Kind.RecycledTooSoon), (6, Kind.RecycledWithoutDisconnect),
        (12, Kind.Resting), (5, Kind.LeftAlone),
        (12, Kind.PortedToRival), (6, Kind.PortedAway),
        (8, Kind.Suspended), (16, Kind.SimChanged),
        (4, Kind.DisconnectedByMistake), (2, Kind.RecycledByMistake),
    ];

    private readonly SampleRandom _dice = new(options.Seed, stream: 2);
    private readonly List<SampleEvent> _events = [];

    private enum Kind
    {
        Quiet,
        RecycledAfterConsent,
        RecycledBeforeConsent,
        RecycledTwice,
        RecycledTooSoon,
        RecycledWithoutDisconnect,
        Resting,
        LeftAlone,
        PortedToRival,
        PortedAway,
        Suspended,
        SimChanged,
        DisconnectedByMistake,
        RecycledByMistake,
    }

    /// <summary>In the order in which the carriers told them.</summary>
    public IReadOnlyList<SampleEvent> Events => [.. _events.OrderBy(told => told.ToldOn).ThenBy(told => told.Id)];

    public SampleLife Draw(SampleNumber number)
    {
        DateOnly today = options.Today;
        if (number.Carrier is not { } carrier) return new(today.AddDays(-900), today.AddDays(-3));

        SampleLife anyTime = new(carrier.TrackedSince, today.AddDays(-3));
        switch (_dice.Pick<Kind>(Kinds))
        {
            case Kind.Quiet:
                // A consent of before the record begins: the ledger cannot know.
                return _dice.Happens(25)
                    ? new(carrier.TrackedSince.AddDays(-400), carrier.TrackedSince.AddDays(-1))
                    : anyTime;
            case Kind.RecycledAfterConsent:
                return Recycle(number, carrier, RealisticRest(carrier), consentedBefore: true);
            case Kind.RecycledBeforeConsent:
                return Recycle(number, carrier, RealisticRest(carrier), consentedBefore: false);
            case Kind.RecycledTooSoon:
                return Recycle(number, carrier, _dice.Between(5, AgingDaysMin(carrier) - 1), _dice.Happens(500));
            case Kind.RecycledTwice:
                return RecycleTwice(number, carrier);
            case Kind.RecycledWithoutDisconnect:
                return RecycleSilently(number, carrier);
            case Kind.Resting:
                return Disconnect(number, carrier, today.AddDays(-_dice.Between(1, AgingDaysMin(carrier) - 1)));
            case Kind.LeftAlone:
                return Disconnect(
                    number, carrier, today.AddDays(-_dice.Between(AgingDaysMin(carrier), AgingDaysMin(carrier) + 90)));
            case Kind.PortedToRival:
                return Port(number, carrier, SamplePlan.Rival(carrier));
            case Kind.PortedAway:
                return Port(number, carrier, to: null);
            case Kind.Suspended:
                return Suspend(number, carrier);
            case Kind.SimChanged:
                Tell(carrier, "sim_changed", number, today.AddDays(-_dice.Between(1, 365)));
                return anyTime;
            case Kind.DisconnectedByMistake:
                return Mistake(number, carrier, recycled: false);
            default:
                return Mistake(number, carrier, recycled: true);
        }
    }

    private static int AgingDaysMin(SampleCarrier carrier) => carrier.CallingCode == 86 ? 90 : 45;

    private int RealisticRest(SampleCarrier carrier) => AgingDaysMin(carrier) + _dice.Between(0, 60);

    private SampleLife Recycle(SampleNumber number, SampleCarrier carrier, int restDays, bool consentedBefore)
    {
        DateOnly reassigned = options.Today.AddDays(-_dice.Between(8, 600));
        DateOnly disconnected = reassigned.AddDays(-restDays);
        Tell(carrier, "disconnected", number, disconnected);
        Tell(carrier, "reassigned", number, reassigned);
        return consentedBefore
            ? new(Later(carrier.TrackedSince, disconnected.AddDays(-800)), disconnected.AddDays(-1))
            : new(reassigned, options.Today.AddDays(-3), disconnected);
    }

    private SampleLife RecycleTwice(SampleNumber number, SampleCarrier carrier)
    {
        SampleLife second = Recycle(number, carrier, RealisticRest(carrier), consentedBefore: true);
        DateOnly reassigned = second.ConsentTo.AddDays(-_dice.Between(60, 300));
        DateOnly disconnected = reassigned.AddDays(-RealisticRest(carrier));
        Tell(carrier, "disconnected", number, disconnected);
        Tell(carrier, "reassigned", number, reassigned);
        return _dice.Happens(500)
            ? new(disconnected.AddDays(-300), disconnected.AddDays(-1))
            : new(reassigned, second.ConsentTo, disconnected);
    }

    private SampleLife RecycleSilently(SampleNumber number, SampleCarrier carrier)
    {
        DateOnly reassigned = options.Today.AddDays(-_dice.Between(20, 500));
        Tell(carrier, "reassigned", number, reassigned);
        return _dice.Happens(667)
            ? new(reassigned.AddDays(-300), reassigned.AddDays(-1))
            : new(reassigned, options.Today.AddDays(-3), reassigned.AddDays(-1));
    }

    private SampleLife Disconnect(SampleNumber number, SampleCarrier carrier, DateOnly day)
    {
        Tell(carrier, "disconnected", number, day);
        return new(day.AddDays(-500), day.AddDays(-1));
    }

    private SampleLife Port(SampleNumber number, SampleCarrier carrier, SampleCarrier? to)
    {
        DateOnly day = options.Today.AddDays(-_dice.Between(2, 500));
        Tell(carrier, "ported_out", number, day, to?.Id);
        if (to is not null) Tell(to, "ported_in", number, day, carrier.Id);
        return new(carrier.TrackedSince, options.Today.AddDays(-3));
    }

    private SampleLife Suspend(SampleNumber number, SampleCarrier carrier)
    {
        DateOnly day = options.Today.AddDays(-_dice.Between(10, 60));
        Tell(carrier, "suspended", number, day);
        if (_dice.Happens(400)) Tell(carrier, "reactivated", number, day.AddDays(_dice.Between(1, 9)));
        return new(carrier.TrackedSince, day.AddDays(-1));
    }

    private SampleLife Mistake(SampleNumber number, SampleCarrier carrier, bool recycled)
    {
        DateOnly day = options.Today.AddDays(-_dice.Between(150, 500));
        SampleEvent disconnected = Tell(carrier, "disconnected", number, day);
        SampleEvent? reassigned = recycled
            ? Tell(carrier, "reassigned", number, day.AddDays(RealisticRest(carrier)))
            : null;
        Retract(disconnected);
        if (reassigned is not null) Retract(reassigned);
        return new(carrier.TrackedSince, day.AddDays(-1));
    }

    private SampleEvent Tell(SampleCarrier carrier, string kind, SampleNumber number, DateOnly on, string? other = null)
    {
        // Most news comes within two days; a few in a hundred after weeks.
        int late = _dice.Happens(30) ? _dice.Between(10, 60) : _dice.Between(0, 2);
        DateOnly told = Earlier(on.AddDays(late), options.Today);
        var news = new SampleEvent(carrier, kind, number.Number, on, told, _events.Count, other);
        _events.Add(news);
        return news;
    }

    private void Retract(SampleEvent mistake)
    {
        DateOnly told = Earlier(mistake.ToldOn.AddDays(_dice.Between(1, 20)), options.Today);
        _events.Add(new(mistake.Carrier, "retracted", mistake.Number, null, told, _events.Count, Retracts: mistake.Id));
    }

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;
}
