namespace NumberLedger.Bench.Compare;

/// <summary>Writes the questions that all are asked, and the tables that the others are loaded with.</summary>
internal static class DataFiles
{
    /// <summary>Half of the lines about numbers with a binding, one in a hundred outside all ranges.</summary>
    /// <remarks>
    /// Of the bound ones a tenth brings a consent day all the same; of the others all but a tenth do, since without a
    /// day there is nothing to ask about them.
    /// </remarks>
    public static void WriteQuestions(Population population, string path, int lines)
    {
        using var file = new CsvWriter(path);
        file.Field("number"u8).Field("purpose"u8).Field("date"u8).EndLine();
        var dice = new Dice(2026);
        for (int i = 0; i < lines; i++)
        {
            bool bound = dice.Percent(50);
            long digits = !bound && dice.Percent(2)
                ? Outside(ref dice)
                : Population.DigitsAt(population.Draw(ref dice, bound));
            bool dated = dice.Percent(bound ? 10 : 90);
            WriteQuestion(file, population, digits, dated, ref dice);
        }
    }

    /// <summary>About numbers without a binding, each with a consent day: what number facts alone can answer.</summary>
    public static void WriteDatedQuestions(Population population, string path, int lines)
    {
        using var file = new CsvWriter(path);
        file.Field("number"u8).Field("purpose"u8).Field("date"u8).EndLine();
        var dice = new Dice(2027);
        for (int i = 0; i < lines; i++)
        {
            long digits = Population.DigitsAt(population.Draw(ref dice, bound: false));
            WriteQuestion(file, population, digits, dated: true, ref dice);
        }
    }

    /// <summary>Disconnects of numbers drawn at random, with event ids and days of their own for every round.</summary>
    public static void WriteCarrierEvents(Population population, string path, int lines, int round)
    {
        using var file = new CsvWriter(path);
        file.Field("eventId"u8).Field("kind"u8).Field("number"u8).Field("effectiveOn"u8).EndLine();
        var dice = new Dice(3000 + (ulong)round);
        for (int i = 0; i < lines; i++)
        {
            file.Field(((long)(round + 1) * 1_000_000_000) + i)
                .Field("disconnected"u8)
                .E164(Population.DigitsAt(dice.Below(population.Numbers)))
                .Field(population.Today.AddDays(-dice.Between(1, 30)))
                .EndLine();
        }
    }

    /// <summary>One row for each number: what PostgreSQL and Redis know of it.</summary>
    public static void WriteNumbers(Population population, string path)
    {
        using var file = new CsvWriter(path);
        for (int i = 0; i < population.Numbers; i++)
        {
            var block = new NumberBlock(Population.DigitsAt(i) / NumberBlock.NumbersPerBlock);
            Life life = population.LifeAt(i);
            file.Field(Population.DigitsAt(i))
                .Field(population.TrackedSince(block))
                .Field(Population.AgingDaysMin(block))
                .Field(life.LastDisconnected)
                .Field(life.Reassigned)
                .Field((long)life.Counted(life.RefusedOfEveryone))
                .EndLine();
        }
    }

    public static void WriteBindings(Population population, string path)
    {
        using var file = new CsvWriter(path);
        for (int i = 0; i < population.Numbers; i++)
        {
            Life life = population.LifeAt(i);
            if (life.Binding is not { } binding) continue;

            file.Field(Population.DigitsAt(i))
                .Field(binding.Consented)
                .Field(binding.Role switch
                {
                    BindingRole.Borrower => "borrower"u8,
                    BindingRole.Guarantor => "guarantor"u8,
                    _ => "contact"u8,
                })
                .Field((long)binding.Purposes)
                .Noon(binding.Expires)
                .Field(binding.Released ? "t"u8 : "f"u8)
                .Field((long)life.Counted(binding.Refused))
                .EndLine();
        }
    }

    private static long Outside(ref Dice dice) =>
        (Population.OutsideAt(dice.Below(Population.BlocksOutside)).Key * NumberBlock.NumbersPerBlock)
        + dice.Below(NumberBlock.NumbersPerBlock);

    private static void WriteQuestion(
        CsvWriter file, Population population, long digits, bool dated, ref Dice dice)
    {
        file.E164(digits)
            .Field(dice.Below(20) switch
            {
                < 14 => "marketing"u8,
                < 17 => "servicing"u8,
                < 19 => "collection"u8,
                _ => "verification"u8,
            })
            .Field(dated ? population.Today.AddDays(-dice.Between(0, 900)) : null)
            .EndLine();
    }
}
