using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text.Json.Serialization;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>What the ledger answers to one check.</summary>
internal sealed record CheckResponse(
    [property: JsonConverter(typeof(SnakeCase<Verdict>))]
    [property: Description("allow: send. deny: do not. unknown: the record does not say; never treat it as allow.")]
    Verdict Verdict,
    [property: Values(typeof(Reasons))]
    [property: Description("Every reason that applies, the decisive one first; empty with allow.")]
    string[] Reasons,
    [property: Values(typeof(Advisories))]
    [property: Description("Worth knowing; they decide nothing.")]
    string[] Advisories,
    [property: Description("As of which record the verdict and its reasons were made: enough to decide them again later.")]
    AsOf AsOf,
    [property: Description("The ledger's time of the answer.")]
    DateTimeOffset DecidedAt,
    [property: Description("On whose reports the answer rests; absent outside coverage, and where no state of the number may be told.")]
    FeedState? Feed)
{
    private static readonly ConcurrentDictionary<Reasons, string[]> ReasonTexts = new();
    private static readonly ConcurrentDictionary<Advisories, string[]> AdvisoryTexts = new();

    public static CheckResponse Of(in CheckAnswer answer, AsOf asOf, DateTimeOffset decidedAt) => new(
        answer.Verdict,
        ReasonTexts.GetOrAdd(answer.Reasons, Words<Reasons>.Split),
        AdvisoryTexts.GetOrAdd(answer.Advisories, Words<Advisories>.Split),
        asOf,
        decidedAt,
        answer.Carrier is null ? null : new FeedState(answer.Carrier, answer.CompleteThrough));
}

/// <summary>A place in the record.</summary>
internal sealed record AsOf(
    [property: Description("The block: the number's digits without the last four.")] string Block,
    [property: Description("The block's last entry when the answer was made; 0: it had none.")] long Position);

/// <summary>What is known of the carrier's reports.</summary>
internal sealed record FeedState(
    [property: Description("The carrier that reports on the number.")] string Carrier,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    [property: Description("The day through which that carrier said its reports are complete; null: it never said.")]
    DateOnly? CompleteThrough);

/// <summary>Answers in the order of the checks.</summary>
internal sealed record CheckBatchResponse(
    [property: Description("One for each check.")] IReadOnlyList<CheckResult> Results);

/// <summary>
/// An answer as for a single check; or, for a check that could not be read or is not yours to make, only problem.
/// </summary>
internal sealed record CheckResult(
    [property: JsonConverter(typeof(SnakeCase<Verdict>))]
    [property: Description("As for a single check.")]
    Verdict? Verdict,
    [property: Values(typeof(Reasons))]
    [property: Description("As for a single check.")]
    string[]? Reasons,
    [property: Values(typeof(Advisories))]
    [property: Description("As for a single check.")]
    string[]? Advisories,
    [property: Description("As for a single check.")] AsOf? AsOf,
    [property: Description("As for a single check.")] DateTimeOffset? DecidedAt,
    [property: Description("As for a single check.")] FeedState? Feed,
    [property: Description("Why there is no answer.")] ProblemBody? Problem)
{
    public static CheckResult Of(CheckResponse answer) => new(
        answer.Verdict, answer.Reasons, answer.Advisories, answer.AsOf, answer.DecidedAt, answer.Feed, null);

    public static CheckResult Of(ProblemBody problem) => new(null, null, null, null, null, null, problem);
}
