using System.Text.RegularExpressions;

namespace NumberLedger.Architecture.Tidy;

/// <summary>Calls that a folder must do without, and what to use instead.</summary>
/// <remarks>
/// This finds the place; aliases and the like escape it. That an assembly really does without is proved on its
/// metadata, by <c>PurityTests</c>.
/// </remarks>
internal static partial class BannedCalls
{
    private static readonly Ban[] All =
    [
        new(
            "src/",
            new Regex(@"\bDateTime(Offset)?\s*\.\s*(Now|UtcNow|Today)\b"),
            "take a TimeProvider and ask it, so that tests own the clock."),
        new(
            "src/",
            new Regex(@"\bThread\s*\.\s*Sleep\b"),
            "await Task.Delay with the TimeProvider, or the event itself."),
        new(
            "src/Ledger/",
            new Regex(@"\b(TimeProvider|Stopwatch)\b"),
            "the ledger has no clock: take the instant as an argument."),
        new(
            "src/Ledger/",
            new Regex(@"\b(RandomNumberGenerator|new Random|Random\s*\.|Guid\s*\.\s*(NewGuid|CreateVersion7))\b"),
            "the ledger draws nothing: take the random bytes as an argument."),
        new(
            "src/Ledger/",
            new Regex(@"\b(HttpClient|Socket)\b"),
            "the ledger reaches nobody: do it in the project that calls it."),
    ];

    public static IEnumerable<Finding> In(SourceFile file) =>
        from ban in All
        where file.IsCode && file.IsUnder(ban.Folder)
        from line in file.Lines()
        let match = ban.Pattern.Match(WithoutComment(line.Text))
        where match.Success
        select file.At(line.Number, $"{match.Value} in {ban.Folder}.", ban.Remedy);

    private static string WithoutComment(string line) =>
        StringOrComment().Replace(line, match => match.Value.StartsWith('/') ? "" : match.Value);

    /// <summary>Strings come first, so that the slashes of a URL do not hide the rest of its line.</summary>
    [GeneratedRegex("""
        "(\\.|[^"\\])*"|//.*
        """)]
    private static partial Regex StringOrComment();

    private sealed record Ban(string Folder, Regex Pattern, string Remedy);
}
