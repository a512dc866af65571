using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NumberLedger.Bench.Compare;

/// <summary>Writes what a run found: every figure of every round, the table, the plots.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(
        string folder, string mode, DateOnly today, Sizes sizes, Timings timings, IReadOnlyList<Figure> figures,
        IReadOnlyList<Phase> phases, long residentBytes)
    {
        var results = new
        {
            Mode = mode,
            Day = today,
            Machine = Machine.Describe(),
            Sizes = sizes,
            Figures = figures.Select(figure => new
            {
                figure.Id,
                figure.What,
                figure.Must,
                figure.Aim,
                figure.Unit,
                figure.Median,
                figure.IsMet,
                figure.Rounds,
                figure.Detail,
            }),
            Seconds = timings.All,
            Phases = phases,
            ResidentMegabytes = residentBytes >> 20,
        };
        File.WriteAllText(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(results, Indented) + "\n");
        string tables = TableOf(figures) + "\n" + TableOf(phases);
        File.WriteAllText(Path.Combine(folder, "tables.md"), "# Results\n\n" + tables);
        File.WriteAllText(Path.Combine(folder, "rate-by-file.svg"), Plots.ByFile(timings, sizes));
        File.WriteAllText(Path.Combine(folder, "rate-by-ledger.svg"), Plots.ByLedger(timings, sizes));
        Console.WriteLine(tables);
    }

    private static string TableOf(IReadOnlyList<Figure> figures)
    {
        var table = new StringBuilder("| figure | must | aim | measured | |\n|---|---|---|---|---|\n");
        foreach (Figure figure in figures)
        {
            string range = figure.Rounds.Length > 1
                ? $" ({figure.Text(figure.Rounds.Min())} to {figure.Text(figure.Rounds.Max())})"
                : "";
            string measured = figure.Median is { } median ? $"**{figure.Text(median)}**{range}" : "not measured";
            string promised = $"{figure.Text(figure.Must)} | {figure.Text(figure.Aim)}";
            table.Append($"| {figure.What} | {promised} | {measured} | {figure.Detail} |\n");
        }

        return table.ToString();
    }

    private static string TableOf(IReadOnlyList<Phase> phases)
    {
        var table = new StringBuilder("| where the time goes | ns of one core a line | share |\n|---|---|---|\n");
        double all = phases.Sum(phase => phase.NanosecondsPerLine);
        foreach (Phase phase in phases)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {phase.Name} | {phase.NanosecondsPerLine:F0} | {phase.NanosecondsPerLine / all:P0} |\n");
        }

        return table.ToString();
    }
}
