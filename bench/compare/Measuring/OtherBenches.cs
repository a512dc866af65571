using System.Globalization;
using System.Text.RegularExpressions;

namespace NumberLedger.Bench.Compare;

/// <summary>Figures of the table that other benchmarks measure.</summary>
internal static partial class OtherBenches
{
    public static Dictionary<string, double[]> Run(string root, int rounds) => new()
    {
        ["single"] = Read(RatioOfRound(), Child.Run(Path.Combine(root, "bench/Http/run"), $"{rounds}")),
        ["memory"] = Read(BytesEach(), Child.Run(
            "dotnet", "run", "--configuration", "Release", "--project", Path.Combine(root, "bench/Checks"), "--", "5")),
    };

    private static double[] Read(Regex pattern, string output) => [.. pattern.Matches(output).Select(
        match => double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"^(?<value>\d\.\d+)  check", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex RatioOfRound();

    [GeneratedRegex(@"blocks: (?<value>\d+\.\d+) bytes each", RegexOptions.ExplicitCapture)]
    private static partial Regex BytesEach();
}
