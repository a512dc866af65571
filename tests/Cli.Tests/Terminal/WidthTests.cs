using NumberLedger.Terminal;
using Spectre.Console;

namespace NumberLedger.Cli.Tests;

/// <summary>In columns of a terminal, of which a Chinese character takes two.</summary>
public class WidthTests
{
    /// <summary>Narrower than the figures alone are, no terminal is.</summary>
    private static readonly IEnumerable<int> Widths = Enumerable.Range(30, 100);

    public static readonly TheoryData<bool> Languages = [false, true];

    [Theory, MemberData(nameof(Languages))]
    public void Bars_take_a_line_for_each_name_whatever_the_width(bool chinese)
    {
        string[] names = ["allow", "bad_line", "third_party_contact", "purpose_not_consented", "no_coverage"];

        Assert.All(Widths, width =>
        {
            string[] lines = Shown(width, console => VerdictBars.Write(
                console, "Title", names.Select((name, i) => KeyValuePair.Create(name, 99_999_999L >> (i * 5))),
                100_000_000, name => LedgerWords.OfReason(name, chinese)));

            Assert.Equal(names.Length + 1, lines.Length);
            Assert.Equal(["Title", .. names.Select(name => name[..5])], lines.Select(line => line[..5]));
            Assert.All(lines, line => Assert.True(line.GetCellWidth() <= width, $"{width}: {line}"));
        });
    }

    [Theory, MemberData(nameof(Languages))]
    public void Progress_takes_one_line_and_tells_the_count_whatever_the_width(bool chinese)
    {
        var line = chinese
            ? new ProgressLine("导入", 0.421, "99,999,999 行", "，每秒 9,999,999 行", "，还需 9:59:59")
            : new ProgressLine("import", 0.421, "99,999,999 lines", ", 9,999,999/s", ", 9:59:59 left");

        Assert.All(Widths, width =>
        {
            string shown = Assert.Single(Shown(width, console => console.Write(line.Fit(width))));

            Assert.Contains("42% ", shown, StringComparison.Ordinal);
            Assert.Contains(line.Count, shown, StringComparison.Ordinal);
            if (width >= 80) Assert.Equal(16, shown.Count(character => character is '━' or '─'));
        });
    }

    [Fact]
    public void What_is_cropped_keeps_its_width()
    {
        Assert.Equal("号码", Cells.Crop("号码", 4));
        Assert.Equal("号…", Cells.Crop("号码", 3));
        Assert.Equal("…", Cells.Crop("号码", 2));
        Assert.Equal("", Cells.Crop("号码", 0));
        Assert.Equal("  号", Cells.PadLeft("号", 4));
        Assert.Equal("号  ", Cells.Pad("号", 4));
    }

    private static string[] Shown(int width, Action<IAnsiConsole> write)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = AnsiSupport.No,
        });
        console.Profile.Width = width;
        write(console);
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
