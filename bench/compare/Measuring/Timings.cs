using System.Diagnostics;

namespace NumberLedger.Bench.Compare;

/// <summary>Seconds of named runs, round by round, so that a bad minute of the machine slows all alike.</summary>
internal sealed class Timings
{
    private readonly SortedDictionary<string, List<double>> _seconds = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, List<double>> All => _seconds;

    public void Measure(int rounds, params IReadOnlyList<(string Name, Action Run)> runs) =>
        Measure(rounds, [.. runs.Select(run => (run.Name, (Action<int>)(_ => run.Run())))]);

    public void Measure(int rounds, params IReadOnlyList<(string Name, Action<int> Run)> runs)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach ((string name, Action<int> run) in runs)
            {
                var clock = Stopwatch.StartNew();
                run(round);
                Add(name, clock.Elapsed.TotalSeconds);
            }
        }
    }

    public void Add(string name, double seconds)
    {
        if (!_seconds.TryGetValue(name, out List<double>? rounds)) _seconds.Add(name, rounds = []);
        rounds.Add(seconds);
        Console.WriteLine($"  {name,-28} {seconds:F3} s");
    }

    public bool Has(string name) => _seconds.ContainsKey(name);

    public double Median(string name) => Median(_seconds[name]);

    /// <summary>How many times as fast the second is as the first, within each round.</summary>
    public double[] Ratios(string first, string second) =>
        [.. _seconds[first].Zip(_seconds[second], (a, b) => a / b)];

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
