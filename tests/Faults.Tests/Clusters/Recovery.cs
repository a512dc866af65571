using System.Globalization;

namespace NumberLedger.Faults.Tests;

/// <summary>What a fault meant for those who asked the nodes that were left.</summary>
/// <param name="Checks">Seconds after the fault until every check was answered in half a second.</param>
/// <param name="Writes">The same of writes.</param>
/// <param name="AfterMending">Seconds after the fault was over until both were.</param>
/// <param name="P99">Of checks while it lasted: milliseconds to an answer, or to the word that there is none.</param>
internal readonly record struct Recovery(double Checks, double Writes, double AfterMending, double P99)
{
    /// <summary>As a row of a table: of each the median and the worst.</summary>
    public static string Row(string kind, IReadOnlyCollection<Recovery> all) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {kind} | {all.Count} | {Two(all, one => one.Checks)} | {Two(all, one => one.Writes)} "
        + $"| {Two(all, one => one.AfterMending)} | {Two(all, one => one.P99)} |");

    private static string Two(IEnumerable<Recovery> all, Func<Recovery, double> of)
    {
        double[] sorted = [.. all.Select(of).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2]:0.#} / {sorted[^1]:0.#}");
    }
}
