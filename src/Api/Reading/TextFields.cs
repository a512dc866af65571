using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>Free text of limited length, without control characters.</summary>
internal sealed class TextField(string name, bool required, int charsMax, string description)
    : Field(name, required, description)
{
    public override FieldSchema Schema => new("string") { LengthMin = 1, LengthMax = charsMax };

    public override IReadOnlyList<ProblemKind> Problems =>
        [ProblemCatalog.TextEmpty, ProblemCatalog.TextTooLong, ProblemCatalog.TextMalformed];

    public string? Read(in Place at) =>
        TryGet(at, JsonValueKind.String, out JsonElement value) ? Judge(value.GetString()!, at, Name) : null;

    private string? Judge(string text, in Place at, string member)
    {
        (ProblemKind? kind, string? detail) = text switch
        {
            "" => (ProblemCatalog.TextEmpty, null),
            _ when text.Length > charsMax => (ProblemCatalog.TextTooLong, $"At most {charsMax} characters."),
            _ when text.Any(char.IsControl) => (ProblemCatalog.TextMalformed, "No control characters."),
            _ => (null, null),
        };
        if (kind is null) return text;

        at.Values.Add(kind, at.PointerTo(member), detail);
        return null;
    }
}

/// <summary>The id of a party.</summary>
/// <param name="isReference">Then any text is taken, and a party is looked for under it.</param>
internal sealed class PartyIdField(string name, bool required, bool isReference, string description)
    : Field(name, required, description)
{
    private const string Expected = "Lower-case letters, digits and inner hyphens, at most 64.";

    public override FieldSchema Schema => new("string")
    {
        LengthMin = 1,
        LengthMax = Limits.PartyIdCharsMax,
        Pattern = isReference ? null : "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
    };

    public override IReadOnlyList<ProblemKind> Problems =>
        [
            ProblemCatalog.TextEmpty, ProblemCatalog.TextTooLong,
            .. isReference ? (ProblemKind[])[] : [ProblemCatalog.TextMalformed],
        ];

    public string? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.String, out JsonElement value)) return null;

        string text = value.GetString()!;
        if (text.Length == 0)
        {
            at.Values.Add(ProblemCatalog.TextEmpty, at.PointerTo(Name));
        }
        else if (text.Length > Limits.PartyIdCharsMax)
        {
            at.Values.Add(
                ProblemCatalog.TextTooLong, at.PointerTo(Name), $"At most {Limits.PartyIdCharsMax} characters.");
        }
        else if (!isReference && !IsId(text))
        {
            at.Values.Add(ProblemCatalog.TextMalformed, at.PointerTo(Name), Expected);
        }

        return text;
    }

    private static bool IsId(string text) =>
        text[0] != '-' && text[^1] != '-' && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}

/// <summary>Some scopes, each at most once. Whether its role has them is for the registry to say.</summary>
internal sealed class ScopesField(string name, bool required, string description) : Field(name, required, description)
{
    private const int ItemsMax = 16;
    private const int CharsMax = 64;

    public override FieldSchema Schema => new("array")
    {
        Items = new FieldSchema("string") { Words = Scopes.All },
        ItemsMin = 1,
        ItemsMax = ItemsMax,
        ItemsUnique = true,
    };

    public override IReadOnlyList<ProblemKind> Problems =>
        [
            ProblemCatalog.ListEmpty, ProblemCatalog.ListTooLong, ProblemCatalog.ValueDuplicated,
            ProblemCatalog.TextTooLong,
        ];

    public IReadOnlyList<string>? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.Array, out JsonElement list)) return null;

        var texts = new List<string>();
        foreach (JsonElement item in list.EnumerateArray())
        {
            string pointer = at.PointerTo($"{Name}/{texts.Count}");
            if (item.ValueKind is not JsonValueKind.String)
            {
                at.Shape.Add(ProblemCatalog.TypeWrong, pointer, "A text.");
                return null;
            }

            string text = item.GetString()!;
            if (text.Length > CharsMax)
            {
                at.Values.Add(ProblemCatalog.TextTooLong, pointer, $"At most {CharsMax} characters.");
            }
            else if (texts.Contains(text))
            {
                at.Values.Add(ProblemCatalog.ValueDuplicated, pointer);
            }

            texts.Add(text);
            if (texts.Count > ItemsMax)
            {
                at.Values.Add(ProblemCatalog.ListTooLong, at.PointerTo(Name), $"At most {ItemsMax} items.");
                return null;
            }
        }

        if (texts.Count == 0) at.Values.Add(ProblemCatalog.ListEmpty, at.PointerTo(Name));
        return texts;
    }
}
