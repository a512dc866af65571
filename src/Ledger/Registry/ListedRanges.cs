using System.Collections.Immutable;

namespace NumberLedger;

/// <summary>
/// The ranges of all carriers as the registry lists them: what was set, less what was set anew or ended.
/// </summary>
/// <remarks>So a carrier's own do not overlap, and what it holds no more is not listed.</remarks>
public static class ListedRanges
{
    private const int Thousand = 1_000;

    public static ImmutableArray<LedgerEvent.RangeListed> Set(
        ImmutableArray<LedgerEvent.RangeListed> listed, LedgerEvent.RangeListed range) =>
        [.. Without(listed, range.Carrier, range.From, range.To), range];

    public static ImmutableArray<LedgerEvent.RangeListed> End(
        ImmutableArray<LedgerEvent.RangeListed> listed, LedgerEvent.RangeDelisted ended) =>
        [.. Without(listed, ended.Carrier, ended.From, ended.To)];

    /// <summary>Whether a carrier has any of these numbers.</summary>
    public static bool Touch(
        ImmutableArray<LedgerEvent.RangeListed> listed, string carrier, PhoneNumber from, PhoneNumber to) =>
        listed.Any(range => range.Carrier == carrier && range.From <= to && range.To >= from);

    private static IEnumerable<LedgerEvent.RangeListed> Without(
        ImmutableArray<LedgerEvent.RangeListed> listed, string carrier, PhoneNumber from, PhoneNumber to)
    {
        foreach (LedgerEvent.RangeListed range in listed)
        {
            if (range.Carrier != carrier || range.To < from || range.From > to)
            {
                yield return range;
                continue;
            }

            if (LastBefore(from, range.From) is { } last) yield return range with { To = last };
            if (FirstAfter(to, range.To) is { } first) yield return range with { From = first };
        }
    }

    // Short numbers of neighbouring calling codes lie so close that a range can span codes that do not exist. Where
    // there is no number, there is no rest.
    private static PhoneNumber? LastBefore(PhoneNumber end, PhoneNumber from)
    {
        for (long digits = end.Digits - 1; digits >= from.Digits; digits -= Thousand)
        {
            if (PhoneNumber.TryFromDigits(digits, out PhoneNumber last)) return last;
        }

        return null;
    }

    private static PhoneNumber? FirstAfter(PhoneNumber end, PhoneNumber to)
    {
        for (long digits = end.Digits + 1; digits <= to.Digits; digits += Thousand)
        {
            if (PhoneNumber.TryFromDigits(digits, out PhoneNumber first)) return first;
        }

        return null;
    }
}
