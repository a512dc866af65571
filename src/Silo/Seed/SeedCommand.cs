using System.CommandLine;

namespace NumberLedger.Silo;

/// <summary><c>seed</c>: writes sample data. The same options give the same bytes, on any machine.</summary>
internal static class SeedCommand
{
    private const int CannotWrite = 5;

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
        var today = new Option<DateOnly>("--today")
        {
            Description = $"The day on which the sample ends, {SampleOptions.TodayMin:yyyy-MM-dd} or later.",
            DefaultValueFactory = _ => committed.Today,
        };
        today.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<DateOnly>() < SampleOptions.TodayMin)
            {
                result.AddError($"--today takes {SampleOptions.TodayMin:yyyy-MM-dd} or a later day.");
            }
        });

        var command = new Command(
            "seed", "Write sample data: carriers, their events, bindings, refusals and a campaign list.")
        {
            folder, seed, numbers, today,
        };
        command.SetAction(parsed => Run(
            new SampleOptions(parsed.GetValue(seed), parsed.GetValue(numbers), parsed.GetValue(today)),
            parsed.GetRequiredValue(folder)));
        return command;
    }

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
