using System.ComponentModel;

namespace NumberLedger.Api;

/// <summary>A carrier reports on these numbers.</summary>
internal sealed record RangeRequest(string Carrier, PhoneNumber From, PhoneNumber To, DateOnly TrackedSince)
{
    private static readonly DayField TrackedSinceField = new(
        "trackedSince", true, "The day since which the carrier's record is complete. Not before 1950-01-01.");

    public static readonly Shape<RangeRequest> Shape = new(
        "Range", "Numbers on which a carrier reports.",
        [RangeEnds.CarrierField, RangeEnds.FromField, RangeEnds.ToField, TrackedSinceField], Read,
        """{"carrier":"demo-carrier","from":"+8613800000000","to":"+8613800009999","trackedSince":"2020-01-01"}""");

    private static RangeRequest? Read(Place at)
    {
        (string? carrier, PhoneNumber? from, PhoneNumber? to) = RangeEnds.Read(at);
        DateOnly? trackedSince = TrackedSinceField.Read(at);
        if (trackedSince is { } day && !Days.CanHold(day))
        {
            at.Values.Add(ProblemCatalog.TrackedSinceOutOfRange, at.PointerTo(TrackedSinceField.Name));
        }

        return at.IsFaulty ? null : new(carrier!, from!.Value, to!.Value, trackedSince!.Value);
    }
}

/// <summary>A carrier no longer reports on these numbers.</summary>
internal sealed record RangeEndRequest(string Carrier, PhoneNumber From, PhoneNumber To)
{
    public static readonly Shape<RangeEndRequest> Shape = new(
        "RangeEnd", "Numbers on which a carrier no longer reports.",
        [RangeEnds.CarrierField, RangeEnds.FromField, RangeEnds.ToField], Read,
        """{"carrier":"demo-carrier","from":"+8613800000000","to":"+8613800009999"}""");

    private static RangeEndRequest? Read(Place at)
    {
        (string? carrier, PhoneNumber? from, PhoneNumber? to) = RangeEnds.Read(at);
        return at.IsFaulty ? null : new(carrier!, from!.Value, to!.Value);
    }
}

/// <summary>What setting and ending a range have in common.</summary>
internal static class RangeEnds
{
    private const int Thousand = 1_000;

    public static readonly PartyIdField CarrierField = new("carrier", true, isReference: true, "A registered carrier.");

    public static readonly NumberField FromField = new("from", true, "The first number. Ends in 000.", "+8613800000000");

    public static readonly NumberField ToField = new(
        "to", true, "The last number. Ends in 999, and is as long as from.", "+8613800009999");

    public static (string? Carrier, PhoneNumber? From, PhoneNumber? To) Read(in Place at)
    {
        string? carrier = CarrierField.Read(at);
        PhoneNumber? from = FromField.Read(at);
        PhoneNumber? to = ToField.Read(at);
        if (from is { } first && to is { } last && Judge(first, last) is { } fault)
        {
            at.Values.Add(fault.Kind, at.PointerTo(fault.Field.Name));
        }

        return (carrier, from, to);
    }

    private static (ProblemKind Kind, Field Field)? Judge(PhoneNumber from, PhoneNumber to)
    {
        if (from.Digits % Thousand != 0) return (ProblemCatalog.RangeNotThousands, FromField);
        if (to.Digits % Thousand != Thousand - 1) return (ProblemCatalog.RangeNotThousands, ToField);
        if (from.ToE164().Length != to.ToE164().Length) return (ProblemCatalog.RangeLengthsDiffer, ToField);
        if (to < from) return (ProblemCatalog.RangeReversed, ToField);
        if (to.Digits - from.Digits >= Limits.RangeNumbersMax) return (ProblemCatalog.RangeTooLarge, ToField);
        return null;
    }
}

/// <summary>Numbers on which a carrier reports.</summary>
internal sealed record RangeResponse(
    [property: Description("The carrier that reports.")] string Carrier,
    [property: Description("The first number.")] string From,
    [property: Description("The last number.")] string To,
    [property: Description("The day since which its record is complete.")] DateOnly TrackedSince);

/// <summary>Numbers on which a carrier no longer reports.</summary>
internal sealed record RangeEndResponse(
    [property: Description("The carrier that reported.")] string Carrier,
    [property: Description("The first number.")] string From,
    [property: Description("The last number.")] string To);

internal sealed record RangeList(
    [property: Description("By carrier and number.")] IReadOnlyList<RangeResponse> Ranges);
