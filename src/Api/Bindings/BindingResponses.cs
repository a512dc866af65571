using System.ComponentModel;
using System.Text.Json.Serialization;

namespace NumberLedger.Api;

/// <summary>What the record makes of a binding now.</summary>
internal sealed record BindingResponse(
    [property: Description("Names your binding with this number. A renewed binding keeps it.")] string BindingId,
    [property: JsonConverter(typeof(SnakeCase<BindingState>))]
    [property: Description(
        "active; dead: the consent is not from the present holder, and is kept in case that was a mistake; "
        + "unknown: the record does not speak about the day of the consent; released: you have ended it since.")]
    BindingState Status,
    [property: JsonConverter(typeof(SnakeCase<DeadReason>))]
    [property: Description("With dead: why.")]
    DeadReason? Reason)
{
    public static BindingResponse Of(string bindingId, BindingStatus status, Reasons reason) =>
        new(bindingId, StateOf(status), ReasonOf(reason));

    public static DeadReason? ReasonOf(Reasons reason) => reason switch
    {
        Reasons.Reassigned => DeadReason.Reassigned,
        Reasons.Disconnected => DeadReason.Disconnected,
        Reasons.Aging => DeadReason.Aging,
        _ => null,
    };

    public static BindingState StateOf(BindingStatus status) => status switch
    {
        BindingStatus.Active => BindingState.Active,
        BindingStatus.Dead => BindingState.Dead,
        BindingStatus.Released => BindingState.Released,
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

/// <summary>Why the consent is not from the present holder.</summary>
internal enum DeadReason
{
    Reassigned,
    Disconnected,
    Aging,
}

/// <summary>Results in the order of the bindings.</summary>
internal sealed record BindingBatchResponse(
    [property: Description("One for each binding.")] IReadOnlyList<BindingResult> Results);

/// <summary>As for a single binding; or, for one that was not recorded, only problem.</summary>
internal sealed record BindingResult(
    [property: Description("As for a single binding.")] string? BindingId,
    [property: JsonConverter(typeof(SnakeCase<BindingState>))]
    [property: Description("As for a single binding.")]
    BindingState? Status,
    [property: JsonConverter(typeof(SnakeCase<DeadReason>))]
    [property: Description("As for a single binding.")]
    DeadReason? Reason,
    [property: Description("Why it was not recorded.")] ProblemBody? Problem);

internal sealed record ReleaseResponse(
    [property: Description("Names your binding with this number.")] string BindingId,
    [property: JsonConverter(typeof(SnakeCase<BindingState>))]
    [property: Description("Always released.")]
    BindingState Status);

/// <summary>Some of your bindings, ordered by number.</summary>
internal sealed record BindingPage(
    [property: Description("At most as many as limit says.")] IReadOnlyList<BindingItem> Bindings,
    [property: Description("For the next page; absent after the last. A page may be short, even empty, and not be the last.")]
    string? NextCursor);

internal sealed record BindingItem(
    [property: Description("Names your binding with this number.")] string BindingId,
    [property: Description("Masked: the first two and the last four digits.")] string Number,
    [property: JsonConverter(typeof(SnakeCase<BindingState>))]
    [property: Description("As for a new binding. A dead one may be released too: see releasedAt.")]
    BindingState Status,
    [property: JsonConverter(typeof(SnakeCase<DeadReason>))]
    [property: Description("With dead: why.")]
    DeadReason? Reason,
    [property: Values(typeof(Purposes))]
    [property: Description("What the holder consented to.")]
    string[] Purposes,
    [property: JsonConverter(typeof(SnakeCase<BindingRole>))]
    [property: Description("Who the holder is to you.")]
    BindingRole Role,
    [property: Description("When the holder consented, as you sent it.")] DateTimeOffset ConsentedAt,
    [property: Description("From when on it no longer counts.")] DateTimeOffset? ExpiresAt,
    [property: Description("When you ended it.")] DateTimeOffset? ReleasedAt,
    [property: Description("As you sent it.")] EvidenceBody? Evidence);

/// <summary>What a lender can show for a consent.</summary>
internal sealed record EvidenceBody(
    [property: Description("In the lender's words.")] string Kind,
    [property: Description("Where the lender keeps it.")] string? Reference,
    [property: Description("Of the evidence itself, in the lender's notation.")] string? Digest)
{
    public static EvidenceBody? Of(Evidence? evidence) =>
        evidence is null ? null : new(evidence.Kind, evidence.Reference, evidence.Digest);
}
