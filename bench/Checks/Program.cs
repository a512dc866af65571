using System.Diagnostics;
using System.Globalization;
using NumberLedger;
using NumberLedger.Bench;

// Batch checks inside the process: how many numbers a second two threads answer, from grouping by block to the verdict.
//   dotnet run -c Release --project bench/Checks -- [numbers in millions ...]
// Every number has one binding; one in twenty was reassigned, one in fifty refused. Questions are drawn at random over
// all numbers, so that memory is hit as in a real campaign.
int[] millions = args.Length > 0 ? [.. args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))] : [5, 50];
const int QuestionsPerBatch = 1_000_000;
const int Rounds = 9;
double first = 0;

foreach (int million in millions)
{
    long before = GC.GetTotalMemory(forceFullCollection: true);
    var clock = Stopwatch.StartNew();
    BlockIndex[] blocks = SampleBlocks.Build(million * 1_000_000 / NumberBlock.NumbersPerBlock);
    long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
    Console.WriteLine(
    $"{million} million numbers in {blocks.Length} blocks: {bytes / (million * 1e6):F1} bytes each, " +
    $"built in {clock.Elapsed.TotalSeconds:F1} s");

    var batch = new GroupedBatch(blocks, QuestionsPerBatch, seed: 1);
    var rates = new List<double>();
    for (int round = 0; round < Rounds; round++)
    {
        clock.Restart();
        long allowed = batch.Run(threads: Environment.ProcessorCount);
        double rate = QuestionsPerBatch / clock.Elapsed.TotalSeconds;
        if (round >= 2) rates.Add(rate); // The first two warm up the compiler.
        Debug.Assert(allowed > 0, "Most numbers are allowed.");
    }

    rates.Sort();
    double median = rates[rates.Count / 2];
    if (first == 0) first = median;
    Console.WriteLine(
        $"  {median / 1e6:F1} million checks/s (median of {rates.Count}; {rates[0] / 1e6:F1} to {rates[^1] / 1e6:F1}), "
        + $"{median / first:F2} of the first size");
}
