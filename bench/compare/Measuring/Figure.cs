using System.Globalization;

namespace NumberLedger.Bench.Compare;

/// <summary>One row of the table: what was promised, and what a run measured.</summary>
/// <param name="Must">What it must reach, and <paramref name="Aim"/> what it should.</param>
/// <param name="Unit">"x" for a ratio; otherwise the unit, and less is better.</param>
/// <param name="Median">Null: not measured in this run.</param>
/// <param name="Low">The worst and the best round.</param>
/// <param name="Detail">The absolute figures of both sides, in words.</param>
internal sealed record Figure(
    string Id, string What, double Must, double Aim, string Unit, double? Median, double? Low, double? High, string Detail)
{
    public bool IsRatio => Unit == "x";
    public bool? IsMet => Median is { } value ? (IsRatio ? value >= Must : value <= Must) : null;

    public static Figure Ratio(
        string id, string what, double must, double aim, Timings timings, string ours, string theirs, string detail)
    {
        if (!timings.Has(ours) || !timings.Has(theirs)) return new(id, what, must, aim, "x", null, null, null, "");

        double[] ratios = timings.Ratios(theirs, ours);
        string both = string.Create(
            CultureInfo.InvariantCulture, $"{timings.Median(ours):F2} s against {timings.Median(theirs):F2} s{detail}");
        return new(id, what, must, aim, "x", Timings.Median(ratios), ratios.Min(), ratios.Max(), both);
    }

    public static Figure Value(
        string id, string what, double must, double aim, string unit, double[] values, string detail) => values.Length == 0
            ? new(id, what, must, aim, unit, null, null, null, "")
            : new(id, what, must, aim, unit, Timings.Median(values), values.Min(), values.Max(), detail);
}
