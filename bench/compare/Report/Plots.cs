namespace NumberLedger.Bench.Compare;

/// <summary>The two plots of the documentation.</summary>
internal static class Plots
{
    public static string ByFile(Timings timings, Sizes sizes)
    {
        var plot = new Plot("Lines a second, by the lines of the file", "lines of the file", "million lines/s");
        foreach ((string side, string label) in (ReadOnlySpan<(string, string)>)[
            ("echo", "echo of the file"), ("ledger", "NumberLedger"), ("redis", "Redis 7, no bindings"),
            ("tuned", "PostgreSQL 15, tuned")])
        {
            plot.Add(label, [.. sizes.LinesPlotted
                .Where(lines => timings.Has($"file-{lines}-{side}"))
                .Select(lines => ((double)lines, lines / timings.Median($"file-{lines}-{side}") / 1e6))]);
        }

        return plot.ToSvg();
    }

    public static string ByLedger(Timings timings, Sizes sizes)
    {
        var plot = new Plot(
            $"Lines a second, by the numbers of the ledger (file of {Figures.Count(sizes.Lines)} lines)",
            "numbers in the ledger", "million lines/s");
        plot.Add("NumberLedger", [.. sizes.BlocksPlotted
            .Where(blocks => timings.Has($"size-{blocks}"))
            .Select(blocks => (
                (double)blocks * NumberBlock.NumbersPerBlock,
                sizes.Lines / timings.Median($"size-{blocks}") / 1e6))]);
        return plot.ToSvg();
    }
}
