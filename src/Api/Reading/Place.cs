using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>An object of a body while it is read: what it holds, where it is, and where its faults go.</summary>
/// <param name="Shape">Faults for which the whole request is refused: unknown or doubled members, wrong types.</param>
/// <param name="Values">
/// Everything else; of one item, in a batch. The same as <paramref name="Shape"/> otherwise.
/// </param>
internal readonly record struct Place(
    JsonElement Object, string Prefix, int Index, Faults Shape, Faults Values, NumberReader Numbers)
{
    private const int NotInList = -1;

    public bool IsFaulty => Values.Any || Shape.Any;

    public static Place Root(JsonElement body, Faults faults, NumberReader numbers) =>
        new(body, "", NotInList, faults, faults, numbers);

    /// <summary>Made only for faults: a body without any builds no pointers.</summary>
    public string PointerTo(string member) => $"{Pointer}/{member}";

    public string Pointer => Index == NotInList ? Prefix : $"{Prefix}/{Index}";

    public Place Inside(JsonElement inner, string member) =>
        new(inner, PointerTo(member), NotInList, Shape, Values, Numbers);

    public Place Item(JsonElement item, string list, int index, Faults values) =>
        new(item, list, index, Shape, values, Numbers);
}
