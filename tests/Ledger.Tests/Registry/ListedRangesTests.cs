using System.Collections.Immutable;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

public sealed class ListedRangesTests
{
    private const long First = 8613800000000;
    private const int Thousands = 10;

    private static readonly Gen<(LedgerEvent Event, int From, int To)> Change = Gen
        .Select(Gen.Int[0, Thousands - 1], Gen.Int[0, Thousands - 1], Gen.Int[0, 3], Gen.Bool)
        .Select((one, other, day, ours) =>
        {
            (int from, int to) = (Math.Min(one, other), Math.Max(one, other));
            string carrier = ours ? "telco" : "another";
            LedgerEvent happened = day == 0
                ? new LedgerEvent.RangeDelisted(carrier, FirstOf(from), LastOf(to))
                : new LedgerEvent.RangeListed(carrier, FirstOf(from), LastOf(to), In2026.Mar(day));
            return (happened, from, to);
        });

    [Fact]
    public void What_is_listed_is_what_was_set_last_and_not_ended_since() => Change.Array[0, 12].Sample(changes =>
    {
        ImmutableArray<LedgerEvent.RangeListed> listed = [];
        var expected = new Dictionary<(string Carrier, int Thousand), DateOnly>();
        foreach ((LedgerEvent happened, int from, int to) in changes)
        {
            for (int i = from; i <= to; i++)
            {
                if (happened is LedgerEvent.RangeListed range) expected[(range.Carrier, i)] = range.TrackedSince;
                if (happened is LedgerEvent.RangeDelisted ended) expected.Remove((ended.Carrier, i));
            }

            listed = happened is LedgerEvent.RangeListed set
                ? ListedRanges.Set(listed, set)
                : ListedRanges.End(listed, (LedgerEvent.RangeDelisted)happened);
        }

        foreach (string carrier in new[] { "telco", "another" })
        {
            for (int i = 0; i < Thousands; i++)
            {
                DateOnly? since = expected.TryGetValue((carrier, i), out DateOnly day) ? day : null;
                Assert.Equal(since, listed.SingleOrDefault(range => // Never two.
                    range.Carrier == carrier && range.From <= FirstOf(i) && range.To >= LastOf(i))?.TrackedSince);
                Assert.Equal(since is not null, ListedRanges.Touch(listed, carrier, FirstOf(i), LastOf(i)));
            }
        }
    });

    [Fact]
    public void A_rest_begins_and_ends_with_numbers_that_exist()
    {
        // Saint Helena's five digits end here, and nobody's begin before Dutch ones.
        var range = new LedgerEvent.RangeListed(
            "telco", PhoneNumber.Parse("+29098000"), PhoneNumber.Parse("+31000999"), In2026.Mar(1));
        PhoneNumber lastOfHelena = PhoneNumber.Parse("+29099999");
        PhoneNumber firstOfNetherlands = PhoneNumber.Parse("+31000000");

        Assert.Equal(
            [range with { From = firstOfNetherlands }],
            ListedRanges.End([range], new("telco", range.From, lastOfHelena)));
        Assert.Equal(
            [range with { To = lastOfHelena }], ListedRanges.End([range], new("telco", firstOfNetherlands, range.To)));
    }

    private static PhoneNumber FirstOf(int thousand) => PhoneNumber.Parse($"+{First + (thousand * 1_000)}");

    private static PhoneNumber LastOf(int thousand) => PhoneNumber.Parse($"+{First + (thousand * 1_000) + 999}");
}
