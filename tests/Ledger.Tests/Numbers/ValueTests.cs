using CsCheck;

namespace NumberLedger.Ledger.Tests;

public sealed class ValueTests
{
    [Fact]
    public void A_day_packs_into_16_bits_and_0_is_none()
    {
        Assert.Equal(1, Days.Pack(Days.First));
        Assert.Equal(ushort.MaxValue, Days.Pack(Days.Last));
        Assert.Equal(new DateOnly(1950, 1, 1), Days.First);
        Assert.Equal(new DateOnly(2129, 6, 5), Days.Last);
        Assert.Equal(0, Days.Pack(null));
        Assert.Null(Days.Unpack(0));
    }

    [Fact]
    public void Every_day_unpacks_to_itself() => Gen.Int[1, ushort.MaxValue].Sample(packed =>
    {
        DateOnly day = Days.Unpack((ushort)packed)!.Value;
        Assert.Equal(packed, Days.Pack(day));
        Assert.True(Days.CanHold(day));
    });

    /// <summary>
    /// The day before the first would pack as none: a question about it would be taken for another question.
    /// </summary>
    [Fact]
    public void A_day_outside_of_the_calendar_does_not_pack()
    {
        DateOnly[] outside = [Days.First.AddDays(-1), Days.Last.AddDays(1), DateOnly.MinValue, DateOnly.MaxValue];
        foreach (DateOnly day in outside)
        {
            Assert.False(Days.CanHold(day));
            Assert.Throws<ArgumentOutOfRangeException>(() => Days.Pack(day));
        }
    }

    [Fact]
    public void Four_purposes_make_all()
    {
        Assert.Equal(15, (int)Purposes.All);
        Assert.Equal(Purposes.All, Enum.GetValues<Purposes>().Aggregate((all, purpose) => all | purpose));
    }

    [Fact]
    public void Lists_compare_by_content() =>
        Gen.Select(Gen.Int[0, 2].Array[0, 3], Gen.Int[0, 2].Array[0, 3]).Sample((a, b) =>
    {
        var one = new EquatableList<int>(a);
        var other = new EquatableList<int>(b);

        Assert.Equal(a.SequenceEqual(b), one.Equals(other));
        Assert.Equal(a.SequenceEqual(b), one.Equals((object)other));
        if (one.Equals(other)) Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(a, one);
        Assert.Equal(a.Length, one.Count);
        Assert.False(one.Equals(null));
    });

    [Fact]
    public void Identifiers_are_read_back_from_their_bytes()
    {
        byte[] bytes = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

        Assert.Equal(bytes, Hash256.Read(bytes).ToArray());
        Assert.Equal(bytes[..16], Pseudonym.Read(bytes).ToArray());
        Assert.Equal(bytes[..16], CommandId.Read(bytes).ToArray());
        Assert.Equal(Convert.ToHexStringLower(bytes), Hash256.Read(bytes).ToString());
        Assert.Equal(Convert.ToHexStringLower(bytes[..16]), Pseudonym.Read(bytes).ToString());
    }

    [Fact]
    public void A_decision_is_one_of_three_things()
    {
        Decision happened = new LedgerEvent.Released("acme");
        Decision refused = Refusal.BindingUnknown;

        Assert.Equal((new LedgerEvent.Released("acme"), null), (happened.Happened, happened.Refusal));
        Assert.Equal((null, Refusal.BindingUnknown), (refused.Happened, refused.Refusal));
        Assert.Equal((null, null), (Decision.NothingToDo.Happened, Decision.NothingToDo.Refusal));
    }
}
