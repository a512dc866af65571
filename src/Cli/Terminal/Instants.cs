using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NumberLedger.Cli;

/// <summary>Instants of the ledger, for people.</summary>
internal static partial class Instants
{
    /// <summary>It has the shape that the ledger takes (RFC 3339), a zone included.</summary>
    public static bool IsOne(string? text) =>
        text is not null && Shape().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>To a second, with its zone: 2026-03-01T01:30:00Z. Empty: there is none.</summary>
    public static string Told(JsonNode? instant) => instant is null
        ? ""
        : DateTimeOffset.Parse(instant.GetValue<string>(), CultureInfo.InvariantCulture)
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Shape();
}
