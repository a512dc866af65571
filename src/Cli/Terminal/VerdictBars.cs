using System.Globalization;
using Spectre.Console;

namespace NumberLedger.Terminal;

/// <summary>
/// How many of each there were, as bars with what they mean. Every program of the ledger shows them alike.
/// </summary>
internal static class VerdictBars
{
    private const int BarWidth = 16;

    /// <param name="total">What a share is a share of.</param>
    /// <param name="meaning">Of a name, in the reader's language; may be empty.</param>
    public static void Write(
        IAnsiConsole console, string title, IEnumerable<KeyValuePair<string, long>> counts, long total,
        Func<string, string> meaning)
    {
        var table = new Table().Border(TableBorder.None);
        table.AddColumn(new TableColumn($"[bold]{Markup.Escape(title)}[/]").NoWrap());
        table.AddColumn(new TableColumn("").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("").Width(BarWidth).NoWrap());
        table.AddColumn(new TableColumn(""));
        KeyValuePair<string, long>[] rows = [.. counts.OrderByDescending(pair => pair.Value)];
        foreach ((string name, long count) in rows)
        {
            double length = (double)count / rows[0].Value * BarWidth;
            table.AddRow(
                new Text(name),
                new Text(count.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(Share(count, total)),
                new Text(Bar(length), new Style(ColorOf(name))),
                new Text(meaning(name), new Style(decoration: Decoration.Dim)));
        }

        console.Write(table);
        console.WriteLine();
    }

    /// <summary>The colour of a verdict or a reason, wherever it is shown.</summary>
    public static Color ColorOf(string name) => name switch
    {
        "allow" or "recorded" => Color.Green,
        "unknown" or "no_coverage" => Color.Yellow,
        "duplicate" => Color.Default,
        _ => Color.Red,
    };

    /// <summary>To a tenth of a percent, but never all for a part, nor nothing for some.</summary>
    private static string Share(long count, long total)
    {
        double share = (double)count / total;
        return share is > 0 and < 0.0005 ? "<0.1%"
            : share is >= 0.9995 and < 1 ? ">99.9%"
            : share.ToString("0.0%", CultureInfo.InvariantCulture);
    }

    /// <summary>To an eighth of a column; never nothing.</summary>
    private static string Bar(double columns)
    {
        int eighths = Math.Max(1, (int)Math.Round(columns * 8));
        string rest = eighths % 8 == 0 ? "" : "▏▎▍▌▋▊▉"[(eighths % 8) - 1].ToString();
        return new string('█', eighths / 8) + rest;
    }
}
