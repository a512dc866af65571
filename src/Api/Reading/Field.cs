using System.Text;
using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>One member of a <see cref="Shape"/>.</summary>
/// <remarks>Null counts as absent: many clients write out what they do not have.</remarks>
internal abstract class Field(string name, bool required, string description)
{
    public string Name => name;
    public bool Required => required;
    public string Description => description;
    public byte[] NameUtf8 { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>For the OpenAPI document.</summary>
    public abstract FieldSchema Schema { get; }

    /// <summary>What may be wrong with the value, beside its type.</summary>
    public abstract IReadOnlyList<ProblemKind> Problems { get; }

    public static bool IsPresent(in Place at, Field field) =>
        at.Object.TryGetProperty(field.NameUtf8, out JsonElement value) && value.ValueKind is not JsonValueKind.Null;

    /// <returns>False if it is absent, or of another type; then the fault is noted.</returns>
    protected bool TryGet(in Place at, JsonValueKind kind, out JsonElement value)
    {
        if (!at.Object.TryGetProperty(NameUtf8, out value) || value.ValueKind is JsonValueKind.Null)
        {
            if (required) at.Values.Add(ProblemCatalog.MemberRequired, at.PointerTo(name), $"{name} is required.");
            return false;
        }

        if (value.ValueKind == kind) return true;

        at.Shape.Add(ProblemCatalog.TypeWrong, at.PointerTo(name), $"{name} is {NameOf(kind)}.");
        return false;
    }

    protected static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "a text",
    };
}

/// <summary>What the OpenAPI document says of a member: JSON Schema, as far as we use it.</summary>
internal sealed record FieldSchema(string Type)
{
    public string? Format { get; init; }
    public string? Pattern { get; init; }
    public int? LengthMin { get; init; }
    public int? LengthMax { get; init; }
    public IReadOnlyList<string>? Words { get; init; }
    public int? Minimum { get; init; }
    public int? Maximum { get; init; }
    public FieldSchema? Items { get; init; }
    public int? ItemsMin { get; init; }
    public int? ItemsMax { get; init; }
    public bool ItemsUnique { get; init; }
    public Shape? Shape { get; init; }
    public string? Example { get; init; }
}
