namespace NumberLedger.Api;

/// <summary>One thing wrong with a request.</summary>
/// <param name="Pointer">Where in the body, as RFC 6901 has it; null if it is not in the body.</param>
/// <param name="Parameter">Which query parameter, if it is one.</param>
internal readonly record struct Fault(ProblemKind Kind, string? Pointer, string? Parameter, string Detail)
{
    /// <summary>For where no pointer goes with it: the place in its item, then what can be done about it.</summary>
    public string DetailWithPlace => Pointer is { Length: > 1 } ? $"{PlaceInItem(Pointer)}: {Detail}" : Detail;

    private static string PlaceInItem(string pointer)
    {
        string[] names = pointer[1..].Split('/');
        bool isOfBatch = names.Length > 2 && names[1].All(char.IsAsciiDigit); // events/3/kind
        return string.Join('/', names[(isOfBatch ? 2 : 0)..]);
    }
}

/// <summary>What is wrong with a request, or with one item of it, in the order of reading.</summary>
internal sealed class Faults
{
    /// <summary>The rest of a hopeless body is not listed.</summary>
    public const int ListedMax = 20;

    private List<Fault>? _list;

    public bool Any => _list is not null;
    public IReadOnlyList<Fault> List => _list ?? [];

    /// <summary>The one that decides status and code.</summary>
    public Fault Decisive => List.MinBy(fault => ProblemCatalog.PlaceOf(fault.Kind));

    public void Add(ProblemKind kind, string pointer, string? detail = null) =>
        Add(new Fault(kind, pointer, null, detail ?? kind.Remedy));

    public void AddParameter(ProblemKind kind, string? parameter, string? detail = null) =>
        Add(new Fault(kind, null, parameter, detail ?? kind.Remedy));

    private void Add(Fault fault)
    {
        _list ??= [];
        if (_list.Count < ListedMax) _list.Add(fault);
    }
}
