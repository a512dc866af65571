using System.Globalization;

namespace NumberLedger.Bench.Compare;

/// <summary>The rows of the table, from what was measured.</summary>
internal static class Figures
{
    public static IReadOnlyList<Figure> Of(
        Timings timings, Sizes sizes, IReadOnlyDictionary<string, double[]> others)
    {
        int big = sizes.BlocksPlotted[^1];
        string some = Count(sizes.Lines), many = Count(sizes.LinesMany);
        return
        [
            Figure.Ratio(
                "plain", $"scrub of {some} lines, against PostgreSQL 15 as it comes", 12, 25, timings, "ledger",
                "plain"),
            Figure.Ratio(
                "tuned", "the same against PostgreSQL 15 tuned as well as we could", 8, 17, timings, "ledger", "tuned"),
            Figure.Ratio(
                "redis", "the same against Redis 7, MGET pipelined, without bindings", 4, 9, timings, "ledger-dated",
                "redis"),
            Figure.Ratio(
                "echo", $"scrub of {many} lines, against an echo of the same file", 0.35, 0.7, timings, "ledger-many",
                "echo-many"),
            Figure.Ratio(
                "big", $"ledger of {Count(big * (long)NumberBlock.NumbersPerBlock)} numbers, against one of "
                + $"{Count(sizes.Blocks * (long)NumberBlock.NumbersPerBlock)}, {some} lines",
                0.5, 0.8, timings, $"size-{big}", $"size-{big}-base"),
            Figure.Ratio(
                "events", $"carrier file of {some} events, against COPY, events kept and numbers updated", 1, 1.6,
                timings, "events-ledger", "events-tuned"),
            Figure.Ratio(
                "state", "the same against COPY and numbers updated, no event kept", 1, 1.6, timings, "events-ledger",
                "events-tuned-state"),
            Figure.Value(
                "single", "single check by HTTP, against an empty endpoint", 0.8, 0.95, "x", others["single"]),
            Figure.Value("memory", "memory for a number with one binding", 32, 21, "bytes", others["memory"]),
            Figure.Value(
                "start", $"start to the first {Comparison.StartLines} answers, page cache warm", 2, 0.5, "s",
                timings.Has("start-answered") ? [.. timings.All["start-answered"]] : []),
        ];
    }

    public static string Count(long count) => count switch
    {
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.##} million"),
        _ => count.ToString("N0", CultureInfo.InvariantCulture),
    };
}
