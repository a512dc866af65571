using System.Text.Json;
using System.Text.RegularExpressions;

namespace NumberLedger.Api;

/// <summary>A number as CAMARA's pattern has it, which takes many that cannot exist.</summary>
internal sealed partial class CamaraNumberField(string name, bool required, string description)
    : Field(name, required, description)
{
    private const string PatternText = @"^\+[1-9][0-9]{4,14}$";

    public override FieldSchema Schema => new("string") { Pattern = PatternText };

    public override IReadOnlyList<ProblemKind> Problems => [ProblemCatalog.TextMalformed];

    public string? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.String, out JsonElement value)) return null;

        string text = value.GetString()!;
        if (Pattern().IsMatch(text) && !text.EndsWith('\n')) return text;

        at.Values.Add(ProblemCatalog.TextMalformed, at.PointerTo(Name), $"Does not match {PatternText}.");
        return null;
    }

    [GeneratedRegex(PatternText, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
