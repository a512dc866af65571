using System.Text.Json;
using System.Text.Json.Nodes;

namespace NumberLedger.Cli;

/// <summary>
/// What a scrub asked of every line: kept beside its part, so that no verdicts of another question are put there.
/// </summary>
internal sealed record ScrubQuestion(IReadOnlyDictionary<string, string> Told)
{
    public static ScrubQuestion Of(FileOrder order, Uri server, AccessKey key)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--server"] = server.GetLeftPart(UriPartial.Authority),
            // Verdicts are a party's own. The API does not say whose a key is.
            ["key"] = key.Id,
            ["--from"] = order.In.MediaType(),
            ["--to"] = order.Out.MediaType(),
        };
        foreach ((string name, string? value) in order.Parameters)
        {
            if (value is not null) told[name == "onBehalfOf" ? "--on-behalf-of" : "--" + name] = value;
        }

        return new ScrubQuestion(told);
    }

    public static string PathOf(string part) => part + ".question";

    /// <summary>Before the part has its first byte.</summary>
    public void WriteBeside(string part)
    {
        var members = Told.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value));
        using FileStream file = File.Create(PathOf(part));
        using (var writer = new Utf8JsonWriter(file)) new JsonObject(members).WriteTo(writer);
        // A part that is longer than what reached the disk of its question must not be taken for another's.
        file.Flush(flushToDisk: true);
    }

    /// <returns>Null: it is missing, or none that this program wrote.</returns>
    public static ScrubQuestion? ReadBeside(string part)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(PathOf(part))) is JsonObject members
                ? new ScrubQuestion(members.ToDictionary(pair => pair.Key, pair => $"{pair.Value}"))
                : null;
        }
        catch (Exception cause) when (cause is FileNotFoundException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>What differs, a line of it: "--purpose (was marketing, is collection)". Empty: nothing.</summary>
    public string DifferenceTo(ScrubQuestion now, Lang lang) => string.Join(
        lang.Say(", ", "、"),
        Told.Keys.Union(now.Told.Keys).Where(name => Value(this, name) != Value(now, name)).Select(name => lang.Say(
            $"{name} (was {Value(this, name) ?? "not said"}, is {Value(now, name) ?? "not said"})",
            $"{name}（当时：{Value(this, name) ?? "未写"}，现在：{Value(now, name) ?? "未写"}）")));

    private static string? Value(ScrubQuestion question, string name) => question.Told.GetValueOrDefault(name);
}
