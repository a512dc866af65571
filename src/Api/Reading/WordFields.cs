using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>One value of an enum.</summary>
internal sealed class WordField<T>(string name, bool required, string description) : Field(name, required, description)
    where T : struct, Enum
{
    private static readonly string Expected = $"One of: {string.Join(", ", Words<T>.All)}.";

    public override FieldSchema Schema => new("string") { Words = Words<T>.All };

    public override IReadOnlyList<ProblemKind> Problems => [ProblemCatalog.ValueUnknown];

    public T? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.String, out JsonElement value)) return null;
        if (Words<T>.TryParse(value.GetString()!, out T word)) return word;

        at.Values.Add(ProblemCatalog.ValueUnknown, at.PointerTo(Name), Expected);
        return null;
    }
}

/// <summary>Purposes, at least one, none twice.</summary>
internal sealed class PurposesField(string name, bool required, string description) : Field(name, required, description)
{
    private static readonly string Expected = $"One of: {string.Join(", ", Words<Purposes>.All)}.";

    public override FieldSchema Schema => new("array")
    {
        Items = new FieldSchema("string") { Words = Words<Purposes>.All },
        ItemsMin = 1,
        ItemsMax = Words<Purposes>.All.Length,
        ItemsUnique = true,
    };

    public override IReadOnlyList<ProblemKind> Problems =>
        [ProblemCatalog.ListEmpty, ProblemCatalog.ValueUnknown, ProblemCatalog.ValueDuplicated];

    public Purposes? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.Array, out JsonElement list)) return null;

        var purposes = Purposes.None;
        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            int here = index++;
            if (item.ValueKind is not JsonValueKind.String)
            {
                at.Shape.Add(ProblemCatalog.TypeWrong, at.PointerTo($"{Name}/{here}"), "A text.");
            }
            else if (!Words<Purposes>.TryParse(item.GetString()!, out Purposes purpose))
            {
                at.Values.Add(ProblemCatalog.ValueUnknown, at.PointerTo($"{Name}/{here}"), Expected);
            }
            else if ((purposes & purpose) != Purposes.None)
            {
                at.Values.Add(ProblemCatalog.ValueDuplicated, at.PointerTo($"{Name}/{here}"));
            }
            else
            {
                purposes |= purpose;
            }
        }

        if (index == 0) at.Values.Add(ProblemCatalog.ListEmpty, at.PointerTo(Name));
        return purposes;
    }
}
