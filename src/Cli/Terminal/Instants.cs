using System.Globalization;
using System.Text.Json.Nodes;

namespace NumberLedger.Cli;

/// <summary>Instants of the ledger, for people.</summary>
internal static class Instants
{
    /// <summary>To a second, with its zone: 2026-03-01T01:30:00Z. Empty: there is none.</summary>
    public static string Told(JsonNode? instant) => instant is null
        ? ""
        : DateTimeOffset.Parse(instant.GetValue<string>(), CultureInfo.InvariantCulture)
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
