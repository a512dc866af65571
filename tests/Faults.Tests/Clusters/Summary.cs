using System.Diagnostics;
using System.Globalization;

namespace NumberLedger.Faults.Tests;

/// <summary>What a fault meant for those who asked: for people to read.</summary>
internal static class Summary
{
    /// <param name="broken">Ticks.</param>
    /// <param name="mended">Ticks.</param>
    public static string Of(IReadOnlyCollection<Step> steps, long broken, long mended) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Of(steps.Where(step => step.Act is Act.Check), "checks", broken, mended)}; "
        + $"{Of(steps.Where(step => step.Act is not Act.Check), "writes", broken, mended)}");

    private static string Of(IEnumerable<Step> all, string what, long broken, long mended)
    {
        Step[] during = [.. all.Where(step => step.Returned >= broken && step.Invoked <= mended)];
        Step[] unanswered = [.. during.Where(step => step.Outcome is Outcome.Unknown)];
        double[] took = [.. during.Select(step => step.Took.TotalMilliseconds).Order()];
        double last = unanswered.Select(step => Stopwatch.GetElapsedTime(broken, step.Returned).TotalSeconds)
            .DefaultIfEmpty(0).Max();
        double p99 = took.Length == 0 ? 0 : took[(int)(took.Length * 0.99)];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{during.Length} {what}, {unanswered.Length} without an answer (the last after {last:F1} s), p99 {p99:F0} ms");
    }
}
