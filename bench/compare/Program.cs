using System.Runtime.InteropServices;
using NumberLedger.Bench.Compare;

// The ledger against PostgreSQL, Redis and an echo, with the same data and the same questions. Started by "run".
switch (args)
{
    case ["host", var url, var data]:
        await BenchHost.RunAsync(url, data);
        return 0;
    case [var mode and ("full" or "quick"), var folder, var output]:
        using (PosixSignalRegistration.Create(PosixSignal.SIGINT, End))
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, End))
        {
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            Sizes sizes = mode == "full" ? Sizes.Full : Sizes.Quick;
            var comparison = new Comparison(folder, sizes, today);
            try
            {
                await comparison.RunAsync();
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
