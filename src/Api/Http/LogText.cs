using System.Text.RegularExpressions;

namespace NumberLedger.Api;

/// <summary>Texts of others, made fit for a log.</summary>
internal static partial class LogText
{
    /// <summary>Other people's exceptions may repeat a phone number.</summary>
    public static string WithoutNumbers(string text) => Digits().Replace(text, "(digits)");

    [GeneratedRegex(@"\+?[0-9]{6,}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Digits();
}
