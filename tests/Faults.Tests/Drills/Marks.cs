using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>By what an entry of a history is told from all others of its number.</summary>
internal static class Marks
{
    public const string Released = "released";

    private const string OptedOutOfEveryone = "opted out of everyone";

    public static string Reported(string eventId) => $"event {eventId}";

    public static string Bound(string reference) => $"bound {reference}";

    public static string OptedOut(string scope, DateTimeOffset receivedAt) => $"opted out of {scope} {receivedAt:O}";

    public static string Of(JsonNode entry) => Text(entry, "kind") switch
    {
        "bound" => Bound(Text(entry["evidence"]!, "reference")),
        "released" => Released,
        "opted_out" => OptedOut(Text(entry, "scope"), entry["receivedAt"]!.GetValue<DateTimeOffset>()),
        _ => Reported(Text(entry, "eventId")),
    };

    public static bool IsOfCarrier(string mark) => mark.StartsWith("event ", StringComparison.Ordinal);

    /// <summary>Of the one lender there is: neither a carrier's nor a refusal of everyone.</summary>
    public static bool IsOfLender(string mark) =>
        !IsOfCarrier(mark) && !mark.StartsWith(OptedOutOfEveryone, StringComparison.Ordinal);

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
