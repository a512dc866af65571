using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>
/// Verdicts over packed facts are those of the rules, whatever the facts: also such as no history
/// gives.
/// </summary>
public sealed class PackedVerdictsTests
{
    /// <summary>Few days, so that they coincide, and the ends of the calendar.</summary>
    private static readonly Gen<ushort> Day = Gen.Frequency(
        (3, Gen.Const((ushort)0)), (9, Gen.Int[27_750, 27_762].Select(day => (ushort)day)),
        (3, Gen.Int[27_600, 27_900].Select(day => (ushort)day)),
        (1, Gen.OneOf<ushort>(1, 2, ushort.MaxValue - 1, ushort.MaxValue)));

    private static readonly Gen<Purposes> AnyPurposes = Gen.Int[0, 15].Select(bits => (Purposes)bits);

    private static readonly Gen<HolderFacts> Holder = Gen.Select(Day, Day, Gen.Bool, AnyPurposes, Day)
        .Select((reassigned, disconnected, implied, refused, covered) =>
            new HolderFacts(reassigned, disconnected, implied, refused, covered, false, 0, 0));

    private static readonly Gen<LenderFacts> Lender = Gen.Select(
        Gen.Frequency((3, true), (1, false)), Day, AnyPurposes, Gen.Int[0, 3], Gen.Frequency((1, true), (4, false)),
        AnyPurposes)
        .Select((bound, day, purposes, role, released, refused) =>
            new LenderFacts(bound, day, purposes, (BindingRole)role, released, 0, refused));

    [Fact]
    public void Packed_facts_are_judged_as_the_rules_judge_them() => Gen.Select(
        Holder, Lender, Gen.Select(AnyPurposes, Day), Day, Gen.OneOf(0, 45, 90))
        .Sample((holder, lender, asked, today, agingDaysMin) =>
        {
            var question = new Question(asked.Item1, asked.Item2);
            var moment = new Moment(1_800_000_000_000, today);
            PackedRow row = PackedRow.Of(holder, hasDetail: false);
            PackedBinding binding = PackedBinding.Of(lender);

            Assert.False(PackedVerdicts.AreNotAll(row, binding));
            Assert.Equal(
                VerdictRules.Decide(holder, lender, question, moment, agingDaysMin),
                PackedVerdicts.Decide(row, binding, holder.CoveredSince, question, moment, agingDaysMin));
        }, iter: 1_000_000);

    [Fact]
    public void A_detail_or_an_expiry_is_more_than_the_packed_facts_hold()
    {
        Assert.True(PackedVerdicts.AreNotAll(PackedRow.Of(default, hasDetail: true), default));
        Assert.True(PackedVerdicts.AreNotAll(
            default, PackedBinding.Of(default(LenderFacts) with { Bound = true, ExpiresAt = 1 })));
        Assert.False(PackedVerdicts.AreNotAll(default, default));
    }
}
