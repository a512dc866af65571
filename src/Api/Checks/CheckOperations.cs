namespace NumberLedger.Api;

internal static class CheckOperations
{
    private const string Example = """
        {"verdict":"deny","reasons":["reassigned"],"advisories":[],"asOf":{"block":"861380000","position":42},"decidedAt":"2026-03-01T01:30:00.123+00:00","feed":{"carrier":"demo-carrier","completeThrough":"2026-02-28"}}
        """;

    public static readonly Operation One = new(
        "checkNumber", "Checks", "May I send to this number?",
        "Ask before every send; an answer is about the moment at which it was made, and is not to be kept. "
        + "It is made from the validated record or not at all: 503 means that nothing is known, never that sending is allowed.")
    {
        Scope = Scopes.CheckNumbers,
        IsCheck = true,
        TakesRegion = true,
        Answers = [new(200, "The verdict, with all its reasons.", typeof(CheckResponse), Example)],
        Problems =
        [
            ProblemCatalog.NotGranted,
            ProblemCatalog.Of(Refusal.ConsentInFuture),
            ProblemCatalog.Of(Refusal.ConsentTooEarly),
        ],
    };

    public static readonly Operation Batch = new(
        "checkNumbers", "Checks", "May I send to these numbers?",
        $"Up to {Limits.ChecksMax} checks, answered in order. A check that could not be read has a problem in its place; "
        + "unknown members and wrong types are refused with the whole request.")
    {
        Scope = Scopes.CheckNumbers,
        IsCheck = true,
        TakesRegion = true,
        BodyBytesMax = Limits.ChecksBytesMax,
        Answers =
        [
            new(200, "One result for each check.", typeof(CheckBatchResponse), $$"""{"results":[{{Example.Trim()}}]}"""),
        ],
    };
}
