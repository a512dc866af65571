namespace NumberLedger.Api;

/// <summary>One line of a file that writes, as it was read.</summary>
/// <param name="Start">Of the record in its chunk.</param>
/// <param name="End">In the chunk, the line ending left out.</param>
/// <param name="Number">Of the line in the file: where the record begins.</param>
internal readonly record struct ImportLine(int Start, int End, long Number, RowContent Content);

/// <summary>What a line says, or why it says nothing.</summary>
/// <param name="Number">Default where what is said is about a range, and where nothing is.</param>
/// <param name="Said">Null if refused.</param>
internal readonly record struct RowContent(PhoneNumber Number, LedgerEvent? Said, LineRefusal? Refusal)
{
    public static RowContent Refused(ProblemKind kind, string? remedy = null) =>
        new(default, null, new LineRefusal(kind.Code, remedy ?? kind.Remedy));

    public static RowContent Refused(Faults faults) => Refused(faults.Decisive.Kind, faults.Decisive.Detail);
}

/// <param name="Code">In kebab-case, as in docs/reference/errors.md.</param>
/// <param name="Remedy">What can be done about it. Never repeats a number.</param>
internal sealed record LineRefusal(string Code, string Remedy)
{
    public static LineRefusal Of(Refusal refusal) =>
        new(ProblemCatalog.Of(refusal).Code, ProblemCatalog.Of(refusal).Remedy);
}
