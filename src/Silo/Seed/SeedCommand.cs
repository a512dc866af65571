using System.CommandLine;
using System.Globalization;

namespace NumberLedger.Silo;

/// <summary><c>seed</c>: writes sample data. The same options give the same bytes, on any machine.</summary>
internal static class SeedCommand
{
    private const int CannotWrite = 5;
    private const string DayFormat = "yyyy-MM-dd";

    public static Command Create()
    {
        SampleOptions committed = SampleOptions.Committed;
        var folder = new Option<string>("--out")
        {
            Description = "The folder for the files; made if it is not there. Files of the same names are replaced.",
            Required = true,
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "Another seed is another sample.",
            DefaultValueFactory = _ => committed.Seed,
        };
        var numbers = new Option<int>("--numbers")
        {
            Description = $"Lines of the campaign list, {SampleOptions.NumbersMin} to {SampleOptions.NumbersMax}.",
            DefaultValueFactory = _ => committed.Numbers,
        };
        numbers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < SampleOptions.NumbersMin or > SampleOptions.NumbersMax)
            {
                result.AddError($"--numbers takes {SampleOptions.NumbersMin} to {SampleOptions.NumbersMax}.");
            }
        });
        var today = new Option<string>("--today")
        {
            Description = $"The day on which the sample ends, {SampleOptions.TodayMin:yyyy-MM-dd} or later.",
            DefaultValueFactory = _ => committed.Today.ToString(DayFormat, CultureInfo.InvariantCulture),
        };
        today.Validators.Add(result =>
        {
            if (!TryReadDay(result.GetValueOrDefault<string>(), out DateOnly day) || day < SampleOptions.TodayMin)
            {
                result.AddError($"--today takes a day, {SampleOptions.TodayMin:yyyy-MM-dd} or later.");
            }
        });

        var command = new Command(
            "seed", "Write sample data: carriers, their events, bindings, refusals and a campaign list.")
        {
            folder, seed, numbers, today,
        };
        command.SetAction(parsed =>
        {
            _ = TryReadDay(parsed.GetValue(today), out DateOnly day); // It was judged.
            return Run(
                new SampleOptions(parsed.GetValue(seed), parsed.GetValue(numbers), day),
                parsed.GetRequiredValue(folder));
        });
        return command;
    }

    private static bool TryReadDay(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static int Run(SampleOptions options, string folder)
    {
        try
        {
            foreach (string name in SampleFiles.Write(SampleGenerator.Generate(options), folder))
            {
                string path = Path.Combine(folder, name);
                Console.WriteLine($"{new FileInfo(path).Length,10} bytes  {path}");
            }

            return 0;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"numberledger: {folder} cannot be written: {cause.Message}");
            return CannotWrite;
        }
    }
}
