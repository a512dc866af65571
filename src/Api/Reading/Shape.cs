using System.Text.Json;

namespace NumberLedger.Api;

/// <summary>
/// The one description of a JSON object: requests are read by it, and the OpenAPI document is written from it.
/// </summary>
/// <param name="name">In the OpenAPI document.</param>
/// <param name="read">May give null only where it noted a fault at the place.</param>
/// <param name="example">Valid JSON of this shape.</param>
internal sealed class Shape<T>(
    string name, string description, IReadOnlyList<Field> fields, Func<Place, T?> read, string example)
    : Shape(name, description, fields, example)
    where T : class
{
    public T? Read(in Place at)
    {
        Judge(at);
        return read(at);
    }
}

/// <inheritdoc cref="Shape{T}"/>
internal abstract class Shape(string name, string description, IReadOnlyList<Field> fields, string example)
{
    public string Name => name;
    public string Description => description;
    public IReadOnlyList<Field> Fields => fields;
    public string Example => example;

    /// <summary>Finds members that are not known, or there twice.</summary>
    protected void Judge(in Place at)
    {
        uint seen = 0;
        foreach (JsonProperty member in at.Object.EnumerateObject())
        {
            int index = IndexOf(member);
            if (index < 0)
            {
                at.Shape.Add(
                    ProblemCatalog.MemberUnknown, PointerToUnknown(at, member.Name), $"Known here: {KnownNames()}.");
            }
            else if ((seen >> index & 1) != 0)
            {
                at.Shape.Add(ProblemCatalog.MemberDuplicated, at.PointerTo(fields[index].Name));
            }
            else
            {
                seen |= 1u << index;
            }
        }
    }

    private int IndexOf(in JsonProperty member)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            if (member.NameEquals(fields[i].NameUtf8)) return i;
        }

        return -1;
    }

    private string KnownNames() => string.Join(", ", fields.Select(field => field.Name));

    private static string PointerToUnknown(in Place at, string member) =>
        Repeatable.IsHarmless(member)
            ? at.PointerTo(
                member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal))
            : at.Pointer;
}
