using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>An object inside an object.</summary>
internal sealed class ObjectField<T>(string name, bool required, Shape<T> shape, string description)
    : Field(name, required, description)
    where T : class
{
    public override FieldSchema Schema => new("object") { Shape = shape };

    public override IReadOnlyList<ProblemKind> Problems => [];

    public T? Read(in Place at) =>
        TryGet(at, JsonValueKind.Object, out JsonElement value) ? shape.Read(at.Inside(value, Name)) : null;
}

/// <summary>The items of a batch. What is wrong with the values of one item is that item's affair.</summary>
internal sealed class ItemsField<T>(string name, int itemsMax, Shape<T> shape, string description)
    : Field(name, required: true, description)
    where T : class
{
    public override FieldSchema Schema => new("array")
    {
        Items = new FieldSchema("object") { Shape = shape },
        ItemsMin = 1,
        ItemsMax = itemsMax,
    };

    public override IReadOnlyList<ProblemKind> Problems => [ProblemCatalog.ListEmpty, ProblemCatalog.ListTooLong];

    public BatchItem<T>[]? Read(in Place at)
    {
        if (!TryGet(at, JsonValueKind.Array, out JsonElement list)) return null;

        string pointer = at.PointerTo(Name);
        int count = list.GetArrayLength();
        if (count == 0) at.Values.Add(ProblemCatalog.ListEmpty, pointer, $"From 1 to {itemsMax} items.");
        if (count > itemsMax) at.Values.Add(ProblemCatalog.ListTooLong, pointer, $"From 1 to {itemsMax} items.");
        if (count == 0 || count > itemsMax) return null;

        var items = new BatchItem<T>[count];
        int index = 0;
        foreach (JsonElement element in list.EnumerateArray())
        {
            items[index] = ReadItem(at.Item(element, pointer, index, new Faults()));
            index++;
        }

        return items;
    }

    private BatchItem<T> ReadItem(in Place at)
    {
        if (at.Object.ValueKind is not JsonValueKind.Object)
        {
            at.Shape.Add(ProblemCatalog.TypeWrong, at.Pointer, "An object.");
            return default;
        }

        T? value = shape.Read(at);
        return new BatchItem<T>(value, at.Values.Any ? at.Values : null);
    }
}

/// <summary>One item of a batch: what it says, and what is wrong with it, if anything.</summary>
internal readonly record struct BatchItem<T>(T? Value, Faults? Faults)
    where T : class;
