namespace NumberLedger.Api;

/// <summary>One thing wrong with a request.</summary>
/// <param name="Pointer">Where in the body, as RFC 6901 has it; null if it is not in the body.</param>
/// <param name="Parameter">Which query parameter, if it is one.</param>
internal readonly record struct Fault(ProblemKind Kind, string? Pointer, string? Parameter, string Detail);

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
