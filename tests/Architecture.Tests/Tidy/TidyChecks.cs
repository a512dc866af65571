using System.Text.RegularExpressions;

namespace NumberLedger.Architecture.Tidy;

/// <summary>What every tracked text file must keep to.</summary>
/// <remarks>
/// A new check needs an example that it finds, in <see cref="TidyChecksTests"/>. Words that a check forbids are put
/// together from pieces here and there, because these files are checked as well.
/// </remarks>
internal static partial class TidyChecks
{
    public const int ColumnsMax = 120;
    public const int SourceLinesMax = 400;

    public static IReadOnlyDictionary<string, Func<SourceFile, IEnumerable<Finding>>> All { get; } =
        new Dictionary<string, Func<SourceFile, IEnumerable<Finding>>>(StringComparer.Ordinal)
        {
            [nameof(LineWidth)] = LineWidth,
            [nameof(FileLength)] = FileLength,
            [nameof(Tabs)] = Tabs,
            [nameof(Unfinished)] = Unfinished,
            [nameof(SomebodysMachine)] = SomebodysMachine,
            [nameof(OneTitle)] = OneTitle,
            [nameof(DeadLinks)] = DeadLinks,
            [nameof(BannedCalls)] = BannedCalls.In,
        };

    /// <summary>A text that ends its line is not measured, nor is a line of JSON: they read best whole.</summary>
    private static IEnumerable<Finding> LineWidth(SourceFile file) =>
        from line in file.Lines()
        where file.IsCode && line.Text.Length > ColumnsMax && line.Text.TrimStart() is not ['{', '"', ..]
        where TextAtTheEnd().Replace(line.Text, "").EnumerateRunes().Count() > ColumnsMax
        select file.At(line.Number, $"More than {ColumnsMax} columns.", "break the line.");

    private static IEnumerable<Finding> FileLength(SourceFile file) =>
        file.IsCode && file.IsUnder("src/") && file.LineCount > SourceLinesMax
            ? [file.At(SourceLinesMax + 1, $"{file.LineCount} lines.", "one idea per file: split it.")]
            : [];

    private static IEnumerable<Finding> Tabs(SourceFile file) =>
        from line in file.Lines()
        where file.IsCode && line.Text.Contains('\t', StringComparison.Ordinal)
        select file.At(line.Number, "A tab.", "indent with spaces; inside a string write \\t.");

    private static IEnumerable<Finding> Unfinished(SourceFile file) =>
        from line in file.Lines()
        where UnfinishedWord().IsMatch(line.Text)
        select file.At(line.Number, $"Left to do: {line.Text.Trim()}", "finish it, or drop it and file an issue.");

    private static IEnumerable<Finding> SomebodysMachine(SourceFile file) =>
        from line in file.Lines()
        where MachinePath().IsMatch(line.Text) || PrivateHost().IsMatch(line.Text)
        select file.At(
            line.Number,
            "A path or a host that exists on somebody's machine only.",
            "write it relative to the repository, or as an example (/srv/ledger, example.com).");

    private static IEnumerable<Finding> OneTitle(SourceFile file)
    {
        if (!file.IsMarkdown) return [];

        int[] titles = [.. Prose(file).Where(line => Title().IsMatch(line.Text)).Select(line => line.Number)];
        if (titles.Length == 1) return [];

        const string Remedy = "have one line that begins with \"# \".";
        return [file.At(titles.ElementAtOrDefault(1), $"{titles.Length} titles.", Remedy)];
    }

    private static IEnumerable<Finding> DeadLinks(SourceFile file)
    {
        if (!file.IsMarkdown) return [];

        string folder = Path.GetDirectoryName(Repository.Full(file.Path))!;
        return from line in Prose(file)
               from Match link in RelativeLink().Matches(line.Text)
               let target = Path.Combine(folder, Uri.UnescapeDataString(link.Groups["path"].Value))
               where !Path.Exists(target)
               select file.At(line.Number, $"No such file: {link.Groups["path"].Value}", "correct the link.");
    }

    /// <summary>The lines of a Markdown file that are not inside a fenced block.</summary>
    private static IEnumerable<(int Number, string Text)> Prose(SourceFile file)
    {
        bool fenced = false;
        foreach ((int number, string text) in file.Lines())
        {
            if (text.TrimStart().StartsWith("```", StringComparison.Ordinal)) fenced = !fenced;
            else if (!fenced) yield return (number, text);
        }
    }

    [GeneratedRegex(
        """"
        ("""(.*?)"""|"(\\.|[^"\\])*")[\s)\],;}+]*$
        """")]
    private static partial Regex TextAtTheEnd();

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME)\b|Not" + "ImplementedException")]
    private static partial Regex UnfinishedWord();

    [GeneratedRegex(@"(?<![\w.~])/(home|Users|root|work)/\w|\b[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"://(10\.\d|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|[\w.-]+\.(internal|lan)\b)")]
    private static partial Regex PrivateHost();

    [GeneratedRegex(@"^# |<h1\b")]
    private static partial Regex Title();

    [GeneratedRegex(@"\]\((?!\w+:|#)(?<path>[^)\s#]+)[^)]*\)")]
    private static partial Regex RelativeLink();
}
