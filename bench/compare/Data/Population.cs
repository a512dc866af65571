namespace NumberLedger.Bench.Compare;

/// <summary>Which numbers there are, and what happened to each: a function of its digits and of the day.</summary>
/// <remarks>
/// Blocks of +86 and +1 in turn. Of every five consecutive numbers one is bound, so that a fifth of all are, exactly.
/// Nothing is kept: whoever needs a number's life asks for it again.
/// </remarks>
/// <param name="today">Days of the lives are counted back from it.</param>
internal sealed class Population(int blocks, DateOnly today)
{
    public const string Lender = "demo-lender";
    public const string Carrier = "demo-carrier";

    /// <summary>One of so many consecutive numbers is bound.</summary>
    public const int BoundOneIn = 5;

    /// <summary>Blocks that no carrier reports on; some questions are about them.</summary>
    public const int BlocksOutside = 5;

    private const long FirstInChina = 861_380_000, FirstOutside = 861_390_000;
    private const int FirstAreaCode = 201, FirstExchange = 200, ExchangesPerAreaCode = 800;

    public int Blocks => blocks;
    public int Numbers => blocks * NumberBlock.NumbersPerBlock;
    public DateOnly Today => today;

    public static NumberBlock BlockAt(int index) =>
        new(index % 2 == 0 ? FirstInChina + (index / 2) : InAmerica(index / 2));

    public static NumberBlock OutsideAt(int index) => new(FirstOutside + index);

    public static long DigitsAt(int index) =>
        (BlockAt(index / NumberBlock.NumbersPerBlock).Key * NumberBlock.NumbersPerBlock)
        + (index % NumberBlock.NumbersPerBlock);

    public DateOnly TrackedSince(NumberBlock block) =>
        new Dice((ulong)block.Key).Percent(20) ? today.AddDays(-400) : new DateOnly(2020, 1, 1);

    public static int AgingDaysMin(NumberBlock block) => block.Key >= FirstInChina ? 90 : 45;

    /// <summary>The index of a bound number, or of one that is not, chosen by the dice.</summary>
    public int Draw(ref Dice dice, bool bound)
    {
        int group = dice.Below(Numbers / BoundOneIn);
        int place = BoundPlace(group);
        if (!bound) place = (place + dice.Between(1, BoundOneIn - 1)) % BoundOneIn;
        return (group * BoundOneIn) + place;
    }

    public Life LifeAt(int index)
    {
        var dice = new Dice((ulong)DigitsAt(index));
        (DateOnly? before, DateOnly? reassigned, DateOnly? disconnected) = Boundaries(ref dice);
        Refusal? refusal = dice.Percent(1) ? new(SomePurposes(ref dice), Back(dice.Between(1, 900))) : null;
        Binding? binding = index % BoundOneIn == BoundPlace(index / BoundOneIn) ? DrawBinding(ref dice) : null;
        return new Life(before, reassigned, disconnected, refusal, binding);
    }

    private static int BoundPlace(int group) => new Dice((ulong)group ^ 0xB0B).Below(BoundOneIn);

    private static long InAmerica(int index) =>
        1_000_000 + ((FirstAreaCode + (index / ExchangesPerAreaCode)) * 1_000L)
        + FirstExchange + (index % ExchangesPerAreaCode);

    private (DateOnly? Before, DateOnly? Reassigned, DateOnly? Disconnected) Boundaries(ref Dice dice) =>
        dice.Below(1_000) switch
        {
            < 20 => (null, null, RecentDisconnect(ref dice)),
            < 40 => (Back(dice.Between(500, 900)), Back(dice.Between(5, 450)), null),
            < 45 => (null, Back(dice.Between(5, 700)), null),
            < 50 => (Back(950), Back(dice.Between(500, 900)), RecentDisconnect(ref dice)),
            _ => (null, null, null),
        };

    /// <summary>Not where aging turns into disconnected: a run may go on past midnight.</summary>
    private DateOnly RecentDisconnect(ref Dice dice)
    {
        int days = dice.Between(2, 400);
        return Back(days is (>= 43 and <= 47) or (>= 88 and <= 92) ? days + 10 : days);
    }

    private Binding DrawBinding(ref Dice dice)
    {
        int consented = dice.Between(1, 730);
        BindingRole role = dice.Below(20) switch
        {
            0 => BindingRole.Contact,
            1 => BindingRole.Guarantor,
            _ => BindingRole.Borrower,
        };
        DateOnly? expires = dice.Below(20) switch
        {
            0 => Back(dice.Between(2, consented + 2)),
            < 5 => Back(-dice.Between(30, 900)),
            _ => null,
        };
        Refusal? refusal = dice.Percent(1) ? new(SomePurposes(ref dice), Back(dice.Between(1, consented))) : null;
        return new Binding(
            Back(consented), role, SomePurposes(ref dice), expires, Released: dice.Percent(3), refusal);
    }

    private static Purposes SomePurposes(ref Dice dice) => dice.Below(10) switch
    {
        < 6 => Purposes.Marketing | Purposes.Servicing,
        < 8 => Purposes.Servicing,
        < 9 => Purposes.All,
        _ => Purposes.Marketing | Purposes.Collection | Purposes.Verification,
    };

    private DateOnly Back(int days) => today.AddDays(-days);
}

/// <summary>
/// What happened to a number: at most a disconnect, a reassignment after it, and a disconnect after that.
/// </summary>
internal readonly record struct Life(
    DateOnly? DisconnectedBefore, DateOnly? Reassigned, DateOnly? DisconnectedAfter, Refusal? RefusedOfEveryone,
    Binding? Binding)
{
    public DateOnly? LastDisconnected => DisconnectedAfter ?? DisconnectedBefore;

    /// <summary>A refusal's purposes if it counts today; none if it was given before the tenure before ended.</summary>
    public Purposes Counted(Refusal? refusal)
    {
        if (refusal is not { } given) return Purposes.None;
        DateOnly? ended = DisconnectedBefore ?? Reassigned?.AddDays(-1);
        return ended is { } day && given.On < day ? Purposes.None : given.Purposes;
    }
}

internal readonly record struct Refusal(Purposes Purposes, DateOnly On);

/// <param name="Expires">At noon UTC of that day.</param>
internal readonly record struct Binding(
    DateOnly Consented, BindingRole Role, Purposes Purposes, DateOnly? Expires, bool Released, Refusal? Refused);
