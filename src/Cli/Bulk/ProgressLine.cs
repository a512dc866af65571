using System.Globalization;
using NumberLedger.Terminal;
using Spectre.Console;

namespace NumberLedger.Cli;

/// <summary>What is told of a file that is under way; on a terminal as much of it as a line holds.</summary>
/// <param name="Share">0 to 1; null: nobody knows how much there is.</param>
/// <param name="Count">150 lines.</param>
/// <param name="Rate">With the comma before it: , 12/s.</param>
/// <param name="Left">With the comma before it: , 6 s left. Empty if it is not known.</param>
internal sealed record ProgressLine(string Title, double? Share, string Count, string Rate, string Left)
{
    private const int BarWidth = 16;

    /// <summary>A shorter bar says nothing.</summary>
    private const int BarMin = 4;

    private string Figures => Count + Rate + Left;

    private string Percent => Share is { } share
        ? Math.Floor(share * 100).ToString("0", CultureInfo.InvariantCulture) + "%"
        : "";

    /// <summary>For a log.</summary>
    public string Told(Lang lang) => lang.Say(
        $"{Title}: {(Share is null ? "" : Percent + ", ")}{Figures}",
        $"{Title}：{(Share is null ? "" : Percent + "，")}{Figures}");

    /// <summary>In at most so many columns: rather without its bar than without its figures.</summary>
    public Paragraph Fit(int columns)
    {
        // As wide as it can become, so that what follows it does not move.
        string percent = Cells.PadLeft(Percent, "100%".Length);
        int bar = Math.Min(BarWidth, columns - $"{Title}  {percent} {Figures}".GetCellWidth());
        if (Share is { } share && bar >= BarMin)
        {
            int done = (int)(share * bar);
            return new Paragraph(Title + " ")
                .Append(new string('━', done), new Style(Color.Yellow))
                .Append(new string('─', bar - done), new Style(decoration: Decoration.Dim))
                .Append($" {percent} {Figures}");
        }

        string[] shorter =
        [
            Join(Title, Percent, Figures), Join(Title, Percent, Count + Left), Join(Percent, Count + Left),
            Join(Percent, Count),
        ];
        return new Paragraph(
            shorter.FirstOrDefault(text => text.GetCellWidth() <= columns) ?? Cells.Crop(shorter[^1], columns));
    }

    private static string Join(params IEnumerable<string> parts) =>
        string.Join(' ', parts.Where(part => part.Length > 0));
}
