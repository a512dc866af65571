using Spectre.Console;

namespace NumberLedger.Terminal;

/// <summary>Columns of a terminal, of which a Chinese character takes two.</summary>
internal static class Cells
{
    private const string Ellipsis = "…";

    /// <summary>Blanks after it, up to so many columns.</summary>
    public static string Pad(string text, int columns) => text + Blanks(text, columns);

    /// <summary>Blanks before it, up to so many columns.</summary>
    public static string PadLeft(string text, int columns) => Blanks(text, columns) + text;

    /// <summary>All of it, or its beginning and an ellipsis, in at most so many columns.</summary>
    public static string Crop(string text, int columns)
    {
        if (text.GetCellWidth() <= columns) return text;

        int length = text.Length;
        while (length > 0 && text[..length].GetCellWidth() >= columns) length--;
        return columns < 1 ? "" : text[..length].TrimEnd() + Ellipsis;
    }

    private static string Blanks(string text, int columns) => new(' ', Math.Max(0, columns - text.GetCellWidth()));
}
