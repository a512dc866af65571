using System.Runtime.InteropServices;
using NumberLedger.Bench.Compare;

// The ledger against PostgreSQL, Redis and an echo, with the same data and the same questions. Started by "run".
switch (args)
{
    case ["host", var url, var data]:
        await BenchHost.RunAsync(url, data);
        return 0;
    case ["phases", var url, var data, var questions]:
        await Phases.PrintAsync(url, data, questions);
        return 0;
    case [var mode and ("full" or "brief" or "quick"), var folder, var root, var output]:
        using (PosixSignalRegistration.Create(PosixSignal.SIGINT, End))
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, End))
        {
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            Sizes sizes = mode switch
            {
                "full" => Sizes.Full,
                "brief" => Sizes.Brief,
                _ => Sizes.Quick,
            };
            var comparison = new Comparison(folder, sizes, today);
            try
            {
                await comparison.RunAsync();
                Dictionary<string, double[]> others = OtherBenches.Run(root, sizes.Rounds);
                ReportFiles.Write(
                    output, mode, today, sizes, comparison.Timings, Figures.Of(comparison.Timings, sizes, others),
                    comparison.Phases, comparison.ResidentBytes);
                return 0;
            }
            catch (InvalidOperationException failed)
            {
                await Console.Error.WriteLineAsync($"compare: {failed.Message}");
                return 1;
            }
        }

    default:
        return 2;
}

static void End(PosixSignalContext signal)
{
    Child.DisposeAll();
    Environment.Exit(130);
}
