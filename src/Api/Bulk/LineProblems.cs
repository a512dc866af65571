using System.Collections.Frozen;

namespace NumberLedger.Api;

/// <summary>What a line of a file is told: the codes of the API.</summary>
internal static class LineProblems
{
    private static readonly FrozenDictionary<LineFault, (string Code, string Detail)> Explained =
        Enum.GetValues<LineFault>().Where(fault => fault is not LineFault.None).ToFrozenDictionary(
            fault => fault, fault => (Of(fault).Code, DetailOf(fault)));

    public static (string Code, string Detail) Explain(LineFault fault) => Explained[fault];

    private static ProblemKind Of(LineFault fault) => fault switch
    {
        LineFault.LineTooLong => ProblemCatalog.LineTooLong,
        LineFault.QuoteMalformed => ProblemCatalog.QuoteMalformed,
        LineFault.FieldsMissing => ProblemCatalog.FieldsMissing,
        LineFault.FieldsTooMany => ProblemCatalog.FieldsTooMany,
        LineFault.LineMalformed => ProblemCatalog.LineMalformed,
        LineFault.MemberReserved => ProblemCatalog.MemberReserved,
        LineFault.MemberDuplicated => ProblemCatalog.MemberDuplicated,
        LineFault.TypeWrong => ProblemCatalog.TypeWrong,
        LineFault.NumberAbsent => ProblemCatalog.MemberRequired,
        LineFault.PurposeUnknown => ProblemCatalog.ValueUnknown,
        LineFault.DayMalformed => ProblemCatalog.DayMalformed,
        LineFault.ConsentTooEarly => ProblemCatalog.Of(Refusal.ConsentTooEarly),
        LineFault.ConsentInFuture => ProblemCatalog.Of(Refusal.ConsentInFuture),
        _ => ProblemCatalog.Of((PhoneNumberFault)fault),
    };

    private static string DetailOf(LineFault fault) => fault switch
    {
        LineFault.PurposeUnknown => $"purpose is one of: {string.Join(", ", Words<Purposes>.All)}.",
        LineFault.TypeWrong => "number, purpose and date are texts.",
        LineFault.NumberAbsent => "number is required.",
        LineFault.DayMalformed => "Write date as year-month-day: 2026-03-01.",
        _ => Of(fault).Remedy,
    };
}

/// <summary>Verdicts, reasons and advisories as the API writes them.</summary>
internal sealed class AnswerNames : IAnswerNames
{
    public static readonly AnswerNames Instance = new();

    public string Of(Verdict verdict) => Words<Verdict>.Of(verdict);
    public string[] Of(Reasons reasons) => Words<Reasons>.Split(reasons);
    public string[] Of(Advisories advisories) => Words<Advisories>.Split(advisories);
}
