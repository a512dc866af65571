using CsCheck;
using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

public sealed class RegistryAnswersTests
{
    /// <summary>A: until it was taken back on 2026-02-10. B: from 2026-06-01.</summary>
    private static readonly ANumber Recycled = ANumber.Covered.Disconnected(Feb(10)).Reassigned(Jun(1));

    private static readonly ANumber Aging = ANumber.Covered.Disconnected(Feb(10));

    public static TheoryData<string, FccAnswer, bool?, AliyunAnswer, Verdict> Table => new()
    {
        { "disconnected, nobody holds it, q <= D", FccAnswer.Yes, true, AliyunAnswer.Cancelled, Verdict.Deny },
        { "disconnected, nobody holds it, q > D", FccAnswer.No, true, AliyunAnswer.Cancelled, Verdict.Deny },
        { "q < D", FccAnswer.Yes, true, AliyunAnswer.Recycled, Verdict.Deny },
        { "q = D", FccAnswer.Yes, true, AliyunAnswer.Recycled, Verdict.Deny },
        { "D < q < S", FccAnswer.No, true, AliyunAnswer.Recycled, Verdict.Deny },
        { "q = S > D", FccAnswer.No, false, AliyunAnswer.Recycled, Verdict.Allow },
        { "q > S", FccAnswer.No, false, AliyunAnswer.NotRecycled, Verdict.Allow },
        { "covered, no events", FccAnswer.No, false, AliyunAnswer.NotRecycled, Verdict.Allow },
        { "the record does not speak about q", FccAnswer.NoData, null, AliyunAnswer.Unknown, Verdict.Unknown },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Three_registries_and_our_verdict(
        string row, FccAnswer fcc, bool? camara, AliyunAnswer aliyun, Verdict verdict)
    {
        (ANumber number, DateOnly q) = Case(row);

        Assert.Equal(fcc, RegistryAnswers.Fcc(number.Holder, Days.Pack(q)));
        Assert.Equal(camara, RegistryAnswers.Camara(number.Holder, Days.Pack(q)));
        Assert.Equal(aliyun, RegistryAnswers.Aliyun(number.Holder, Days.Pack(q)));
        Assert.Equal(verdict, number.Bound(q).Check().Verdict);
    }

    [Fact]
    public void A_disconnect_on_the_day_of_the_reassignment_is_read_before_it()
    {
        HolderFacts holder = ANumber.Covered.Disconnected(Feb(10)).Reassigned(Feb(10)).Holder;

        Assert.Equal(FccAnswer.Yes, RegistryAnswers.Fcc(holder, Days.Pack(Feb(10))));
        Assert.True(RegistryAnswers.Camara(holder, Days.Pack(Feb(10))));
        Assert.False(RegistryAnswers.Camara(holder, Days.Pack(Feb(11))));
    }

    [Fact]
    public void An_implied_disconnect_counts_as_one()
    {
        HolderFacts holder = ANumber.Covered.Reassigned(Jun(1)).Holder;

        Assert.Equal(FccAnswer.Yes, RegistryAnswers.Fcc(holder, Days.Pack(May(31))));
        Assert.Equal(FccAnswer.No, RegistryAnswers.Fcc(holder, Days.Pack(Jun(1))));
        Assert.True(RegistryAnswers.Camara(holder, Days.Pack(May(31))));
        Assert.False(RegistryAnswers.Camara(holder, Days.Pack(Jun(1))));
    }

    /// <summary>CAMARA's own example: A holds it 2023-10-09..2024-02-25, B from 2024-09-21.</summary>
    [Theory]
    [InlineData("2023-12-22", true)]
    [InlineData("2024-02-24", true)]
    [InlineData("2024-02-25", true)]
    [InlineData("2024-05-05", true)]
    [InlineData("2024-09-20", true)]
    [InlineData("2024-09-21", false)]
    [InlineData("2024-10-31", false)]
    public void The_worked_example_of_number_recycling(string specifiedDate, bool recycled)
    {
        HolderFacts holder = ANumber.Covered
            .Reassigned(new(2023, 10, 9)).Disconnected(new(2024, 2, 25)).Reassigned(new(2024, 9, 21)).Holder;

        var day = DateOnly.ParseExact(specifiedDate, "yyyy-MM-dd", null);
        Assert.Equal(recycled, RegistryAnswers.Camara(holder, Days.Pack(day)));
    }

    [Fact]
    public void The_answers_are_those_of_the_oracle() => Histories.StoryOfOneNumber(14).Sample(story =>
    {
        OracleRecord record = story.RecordOf(0);
        HolderFacts holder = Replay.HolderOf(story, 0);
        foreach (DateOnly day in Histories.Calendar)
        {
            Assert.Equal(OracleRegistries.Fcc(record, day), RegistryAnswers.Fcc(holder, Days.Pack(day)));
            Assert.Equal(OracleRegistries.Camara(record, day), RegistryAnswers.Camara(holder, Days.Pack(day)));
            Assert.Equal(OracleRegistries.Aliyun(record, day), (int)RegistryAnswers.Aliyun(holder, Days.Pack(day)));
        }
    }, iter: 5_000);

    private static (ANumber Number, DateOnly Q) Case(string row) => row switch
    {
        "disconnected, nobody holds it, q <= D" => (Aging, Feb(10)),
        "disconnected, nobody holds it, q > D" => (Aging, Feb(11)),
        "q < D" => (Recycled, Feb(9)),
        "q = D" => (Recycled, Feb(10)),
        "D < q < S" => (Recycled, Mar(15)),
        "q = S > D" => (Recycled, Jun(1)),
        "q > S" => (Recycled, Jun(2)),
        "covered, no events" => (ANumber.Covered, Feb(10)),
        "the record does not speak about q" => (ANumber.Uncovered.InRange(ANumber.Carrier, Mar(1)), Feb(10)),
        _ => throw new ArgumentOutOfRangeException(nameof(row)),
    };
}
