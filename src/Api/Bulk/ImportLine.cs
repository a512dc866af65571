namespace NumberLedger.Api;

/// <summary>
/// One line of a file that writes. What it says is read again when it is recorded: kept until then, it would take
/// several times the line's own bytes.
/// </summary>
/// <param name="Line">Of the file: where the record begins.</param>
/// <param name="Start">Of the record in its chunk.</param>
/// <param name="End">In the chunk, the line ending left out.</param>
/// <param name="Number">Default where what is said is about a range, and where nothing is.</param>
/// <param name="Refusal">Null if it says something.</param>
internal readonly record struct ImportLine(long Line, int Start, int End, PhoneNumber Number, LineRefusal? Refusal)
{
    public bool IsOfNumber => Number != default;
}

/// <summary>What a line says, or why it says nothing.</summary>
/// <param name="Number">Default where what is said is about a range, and where nothing is.</param>
/// <param name="Said">Null if refused.</param>
internal readonly record struct RowContent(PhoneNumber Number, LedgerEvent? Said, LineRefusal? Refusal)
{
    public static RowContent Refused(ProblemKind kind, string? remedy = null) =>
        new(default, null, new LineRefusal(kind.Code, remedy ?? kind.Remedy));

    public static RowContent Refused(Faults faults) => Refused(faults.Decisive.Kind, faults.Decisive.DetailWithPlace);
}

/// <param name="Code">In kebab-case, as in docs/reference/errors.md.</param>
/// <param name="Remedy">What can be done about it. Never repeats a number.</param>
internal sealed record LineRefusal(string Code, string Remedy)
{
    public static LineRefusal Of(Refusal refusal) =>
        new(ProblemCatalog.Of(refusal).Code, ProblemCatalog.Of(refusal).Remedy);
}
