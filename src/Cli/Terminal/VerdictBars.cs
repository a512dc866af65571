using System.Globalization;
using Spectre.Console;

namespace NumberLedger.Terminal;

/// <summary>
/// How many of each there were, as bars with what they mean. Every program of the ledger shows them alike.
/// </summary>
internal static class VerdictBars
{
    private const int BarWidth = 16;

    /// <summary>In a narrow terminal a bar may become so short, to leave room for what it means.</summary>
    private const int BarMin = 4;

    /// <summary>A meaning that has less room is left out.</summary>
    private const int MeaningMin = 8;

    /// <param name="total">What a share is a share of.</param>
    /// <param name="meaning">Of a name, in the reader's language; may be empty.</param>
    public static void Write(
        IAnsiConsole console, string title, IEnumerable<KeyValuePair<string, long>> counts, long total,
        Func<string, string> meaning)
    {
        Row[] rows =
        [
            .. counts.OrderByDescending(pair => pair.Value).Select(pair => new Row(
                pair.Key, pair.Value.ToString("N0", CultureInfo.InvariantCulture), Share(pair.Value, total),
                meaning(pair.Key), pair.Value)),
        ];
        if (rows.Length == 0) return;

        console.WriteLine(title, new Style(decoration: Decoration.Bold));
        var layout = Layout.Of(rows, console.Profile.Width);
        foreach (Row row in rows)
        {
            string bar = layout.Bar > 0 ? Bar((double)row.Number / rows[0].Number * layout.Bar) : "";
            string meaningThere = Cells.Crop(row.Meaning, layout.Meaning);
            var line = new Paragraph(
                $"{Cells.Pad(Cells.Crop(row.Name, layout.Name), layout.Name)} "
                + $"{row.Count.PadLeft(layout.Count)} {row.Share.PadLeft(layout.Share)} ");
            line.Append(bar, new Style(ColorOf(row.Name)));
            if (meaningThere.Length > 0)
            {
                line.Append(new string(' ', layout.Bar - bar.Length + 1));
                line.Append(meaningThere, new Style(decoration: Decoration.Dim));
            }

            console.Write(line);
            console.WriteLine();
        }

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

    private sealed record Row(string Name, string Count, string Share, string Meaning, long Number);

    /// <summary>Widths of the columns, in which every row is one line.</summary>
    private sealed record Layout(int Name, int Count, int Share, int Bar, int Meaning)
    {
        public static Layout Of(Row[] rows, int width)
        {
            int count = rows.Max(row => row.Count.Length);
            int share = rows.Max(row => row.Share.Length);
            int name = Math.Min(rows.Max(row => row.Name.Length), Math.Max(1, width - count - share - 3));
            int room = Math.Max(0, width - name - count - share - 3);
            int meaning = rows.Max(row => row.Meaning.GetCellWidth());
            int bar = Math.Clamp(room - 1 - meaning, BarMin, BarWidth);
            return room - 1 - bar >= MeaningMin
                ? new Layout(name, count, share, bar, room - 1 - bar)
                : new Layout(name, count, share, Math.Min(room, BarWidth), 0);
        }
    }
}
