using System.Globalization;
using NumberLedger.Bench;
using NumberLedger.Stores;

// Appends to the SQLite store: how many entries a second are durable and acknowledged.
//   dotnet run -c Release --project bench/Appends -- [seconds per round] [folder]
// Every append carries a command id and rests on two versions: the number's and that of its block's own record, as an
// opt-out does. Numbers are new ones at random, in 200 blocks or in 10,000. Sealing is not part of it: bytes are ready
// made. The disk decides most of it, so its own sync rate is measured in the same run.
double seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 3;
string parent = args.Length > 1 ? args[1] : Path.GetTempPath();
string folder = Directory.CreateDirectory(Path.Combine(parent, $"appends-{Environment.ProcessId}")).FullName;
const int Rounds = 7;

try
{
    Console.WriteLine($"the disk alone: {Disk.SyncsPerSecond(folder, TimeSpan.FromSeconds(1)):N0} syncs/s of 4 KiB");
    foreach (int blocks in (int[])[200, 10_000])
    {
        string data = Path.Combine(folder, $"{blocks}");
        await using SqliteLedgerStore store = SqliteLedgerStore.Open(data, new NumberLedger.MasterKey(new byte[32]));
        var load = await AppendLoad.PrepareAsync(store, blocks);

        await load.RunAsync(callers: 64, entries: 1, TimeSpan.FromSeconds(seconds)); // Warms up the compiler.

        // Round by round, so that a disk or a neighbour with a bad minute slows all loads alike.
        (string Name, int Callers, int Entries)[] loads =
        [
            ("one by one", 1, 1), ("64 at once", 64, 1), ("512 at once", 512, 1),
            ("1,000 of one block at a time", 1, 1_000),
        ];
        var results = loads.Select(_ => new List<(double Rate, double Ratio, double Cpu)>()).ToArray();
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < loads.Length; i++)
            {
                (double rate, double cpu) =
                    await load.RunAsync(loads[i].Callers, loads[i].Entries, TimeSpan.FromSeconds(seconds));
                results[i].Add((rate, rate / (i == 0 ? rate : results[0][round].Rate), cpu));
            }
        }

        for (int i = 0; i < loads.Length; i++)
        {
            double[] rates = [.. results[i].Select(r => r.Rate).Order()];
            Console.WriteLine(
                $"{blocks,6} blocks, {loads[i].Name,-28} {Median(results[i].Select(r => r.Rate)),9:N0} entries/s " +
                $"({rates[0]:N0} to {rates[^1]:N0}), {Median(results[i].Select(r => r.Ratio)):F1} x one by one, " +
                $"{Median(results[i].Select(r => r.Cpu)):F1} us of processor each");
        }
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static double Median(IEnumerable<double> values)
{
    double[] sorted = [.. values.Order()];
    return sorted[sorted.Length / 2];
}
