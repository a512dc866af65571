using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger;
using NumberLedger.Bench;
using NumberLedger.Grains;
using NumberLedger.Stores;

// A carrier's file of disconnects, read already, into the SQLite store: judged, sealed, chained, durable.
//   dotnet run -c Release --project bench/Imports -- [events] [rounds] [folder]
// Numbers are new ones, 2,000 in each block; once in the order of numbers, as carriers export, and once shuffled. Then
// the same file again, of which nothing is recorded. Each round has a new store.
int events = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
string parent = args.Length > 2 ? args[2] : Path.GetTempPath();

ImportLoad sorted = ImportLoad.Of(events, shuffled: false);
ImportLoad shuffled = ImportLoad.Of(events, shuffled: true);
for (int round = 0; round < rounds; round++)
{
    await RunAsync("in the order of numbers", sorted);
    await RunAsync("shuffled", shuffled);
}

async Task RunAsync(string name, ImportLoad load)
{
    string folder = Directory.CreateDirectory(Path.Combine(parent, $"imports-{Environment.ProcessId}")).FullName;
    try
    {
        var master = new MasterKey(new byte[MasterKey.Size]);
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(folder, master);
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<ILedgerStore>(_ => store)
            .AddSingleton(new Sealer(master))
            .AddLedgerGrains()
            .BuildServiceProvider();
        await load.CoverAsync(store, services.GetRequiredService<Sealer>());
        IBulkWriter bulk = services.GetRequiredService<IBulkWriter>();
        await ReportAsync($"{name}, new", load, bulk, CommandOutcome.Recorded);
        if (rounds > 1) await ReportAsync($"{name}, again", load, bulk, CommandOutcome.NothingToDo);
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

static async Task ReportAsync(string name, ImportLoad load, IBulkWriter bulk, CommandOutcome expected)
{
    GC.Collect();
    Environment.ProcessCpuUsage before = Environment.CpuUsage;
    var clock = Stopwatch.StartNew();
    await load.RunAsync(bulk, expected);
    double seconds = clock.Elapsed.TotalSeconds;
    double cpu = (Environment.CpuUsage.TotalTime - before.TotalTime).TotalMicroseconds;
    Console.WriteLine(
        $"{name,-32} {load.Events / seconds,9:N0} events/s, {cpu / load.Events:F1} us of processor each, " +
        $"{Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB");
}
