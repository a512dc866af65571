using System.Globalization;

namespace NumberLedger.Bench.Compare;

/// <summary>One row of the table: what was promised, and what a run measured.</summary>
/// <param name="Must">What it must reach, and <paramref name="Aim"/> what it should.</param>
/// <param name="Unit">"x" for a ratio, of which more is better; of any other unit less is.</param>
/// <param name="Rounds">Empty: not measured in this run.</param>
/// <param name="Detail">Medians of both sides, in words.</param>
internal sealed record Figure(
    string Id, string What, double Must, double Aim, string Unit, double[] Rounds, string Detail)
{
    public double? Median => Rounds.Length > 0 ? Timings.Median(Rounds) : null;

    public bool? IsMet => Median is { } value ? (Unit == "x" ? value >= Must : value <= Must) : null;

    /// <summary>How many times as fast ours is, within each round.</summary>
    public static Figure Ratio(
        string id, string what, double must, double aim, Timings timings, string ours, string theirs)
    {
        if (!timings.Has(ours) || !timings.Has(theirs)) return new(id, what, must, aim, "x", [], "");

        string detail = string.Create(
            CultureInfo.InvariantCulture, $"{timings.Median(ours):F2} s against {timings.Median(theirs):F2} s");
        return new(id, what, must, aim, "x", timings.Ratios(theirs, ours), detail);
    }

    public static Figure Value(string id, string what, double must, double aim, string unit, double[] values) =>
        new(id, what, must, aim, unit, values, "");

    public string Text(double value) => string.Create(
        CultureInfo.InvariantCulture, $"{(value >= 10 ? Math.Round(value, 1) : Math.Round(value, 2)):0.##} {Unit}");
}
