using System.ComponentModel;
using System.Text.Json.Serialization;

namespace NumberLedger.Api;

[Description("What the record makes of a binding now.")]
internal sealed record BindingResponse(
    [property: Description("Names your binding with this number. A renewed binding keeps it.")] string BindingId,
    [property: JsonConverter(typeof(SnakeCase<BindingState>))]
    [property: Description(
        "active; dead: the consent is not from the present holder, and is kept in case that was a mistake; "
        + "unknown: the record does not speak about the day of the consent.")]
    BindingState Status,
    [property: JsonConverter(typeof(SnakeCase<Reasons>))]
    [property: Values(typeof(DeadReason))]
    [property: Description("With dead: why.")]
    Reasons? Reason)
{
    public static BindingResponse Of(string bindingId, BindingStatus status, Reasons reason) =>
        new(bindingId, StateOf(status), reason is Reasons.None ? null : reason);

    public static BindingState StateOf(BindingStatus status) => status switch
    {
        BindingStatus.Active => BindingState.Active,
        BindingStatus.Dead => BindingState.Dead,
        _ => BindingState.Unknown,
    };
}

internal enum BindingState
{
    Active,
    Dead,
    Unknown,
    Released,
}

/// <summary>Those of <see cref="Reasons"/> for which a binding is dead. For the OpenAPI document.</summary>
internal enum DeadReason
{
    Reassigned,
    Disconnected,
    Aging,
}

[Description("Results in the order of the bindings.")]
internal sealed record BindingBatchResponse(IReadOnlyList<BindingResult> Results);

[Description("As for a single binding; or, for one that was not recorded, only problem.")]
internal sealed record BindingResult(
    string? BindingId,
    [property: JsonConverter(typeof(SnakeCase<BindingState>))] BindingState? Status,
    [property: JsonConverter(typeof(SnakeCase<Reasons>))]
    [property: Values(typeof(DeadReason))]
    Reasons? Reason,
    ProblemBody? Problem);

internal sealed record ReleaseResponse(
    string BindingId,
    [property: JsonConverter(typeof(SnakeCase<BindingState>))]
    [property: Description("released")]
    BindingState Status);

[Description("Some of your bindings, ordered by number.")]
internal sealed record BindingPage(
    IReadOnlyList<BindingItem> Bindings,
    [property: Description("For the next page; absent after the last. A page may be short, even empty, and not be the last.")]
    string? NextCursor);

internal sealed record BindingItem(
    string BindingId,
    [property: Description("Masked: the first two and the last four digits.")] string Number,
    [property: JsonConverter(typeof(SnakeCase<BindingState>))]
    [property: Description("As for a new binding; released: you ended it.")]
    BindingState Status,
    [property: JsonConverter(typeof(SnakeCase<Reasons>))]
    [property: Values(typeof(DeadReason))]
    [property: Description("With dead: why.")]
    Reasons? Reason,
    [property: Values(typeof(Purposes))] string[] Purposes,
    [property: JsonConverter(typeof(SnakeCase<BindingRole>))] BindingRole Role,
    DateTimeOffset ConsentedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? ReleasedAt,
    EvidenceBody? Evidence);

internal sealed record EvidenceBody(string Kind, string? Reference, string? Digest)
{
    public static EvidenceBody? Of(Evidence? evidence) =>
        evidence is null ? null : new(evidence.Kind, evidence.Reference, evidence.Digest);
}
