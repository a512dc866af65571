namespace NumberLedger.Grains;

/// <param name="Items">All of one carrier.</param>
[GenerateSerializer, Immutable, Alias("report.v1")]
public sealed record ReportCommand([property: Id(0)] PhoneNumber Number, [property: Id(1)] ReportItem[] Items);

[GenerateSerializer, Immutable, Alias("report-item.v1")]
public sealed record ReportItem(
    [property: Id(0)] LedgerEvent.CarrierReport Report, [property: Id(1)] CommandId? Command);

/// <param name="Refusal">Null unless the outcome is <see cref="CommandOutcome.Refused"/>.</param>
[GenerateSerializer, Immutable, Alias("report-reply.v1")]
public readonly record struct ReportReply([property: Id(0)] CommandOutcome Outcome, [property: Id(1)] Refusal? Refusal);

[GenerateSerializer, Immutable, Alias("bind.v1")]
public sealed record BindCommand(
    [property: Id(0)] PhoneNumber Number, [property: Id(1)] LedgerEvent.Bound Claim,
    [property: Id(2)] CommandId? Command);

/// <param name="Status">What the record makes of the binding now; default when refused.</param>
/// <param name="Reason">Why it is dead; none otherwise.</param>
[GenerateSerializer, Immutable, Alias("bind-reply.v1")]
public sealed record BindReply(
    [property: Id(0)] CommandOutcome Outcome,
    [property: Id(1)] Refusal? Refusal,
    [property: Id(2)] BindingStatus Status,
    [property: Id(3)] Reasons Reason);

[GenerateSerializer, Immutable, Alias("release.v1")]
public sealed record ReleaseCommand(
    [property: Id(0)] PhoneNumber Number, [property: Id(1)] string Lender, [property: Id(2)] CommandId? Command);

[GenerateSerializer, Immutable, Alias("opt-out.v1")]
public sealed record OptOutCommand(
    [property: Id(0)] PhoneNumber Number, [property: Id(1)] LedgerEvent.OptedOut Refusal,
    [property: Id(2)] CommandId? Command);

/// <param name="Recorded">As it was recorded, now or before; null when refused.</param>
[GenerateSerializer, Immutable, Alias("opt-out-reply.v1")]
public sealed record OptOutReply(
    [property: Id(0)] CommandOutcome Outcome,
    [property: Id(1)] Refusal? Refusal,
    [property: Id(2)] LedgerEvent.OptedOut? Recorded);

[GenerateSerializer, Immutable, Alias("command-reply.v1")]
public sealed record CommandReply([property: Id(0)] CommandOutcome Outcome, [property: Id(1)] Refusal? Refusal);

/// <param name="KnownAt">Only entries recorded by then; null: all.</param>
[GenerateSerializer, Immutable, Alias("history.v1")]
public sealed record HistoryQuery(
    [property: Id(0)] PhoneNumber Number,
    [property: Id(1)] string Party,
    [property: Id(2)] PartyRole Role,
    [property: Id(3)] DateTimeOffset? KnownAt);

/// <param name="Content">
/// Canonical bytes, for <see cref="EntryCodec.Decode"/>; null: erased, which operators and auditors are shown.
/// </param>
[GenerateSerializer, Immutable, Alias("history-entry.v1")]
public sealed record HistoryEntry(
    [property: Id(0)] long Position, [property: Id(1)] long Version, [property: Id(2)] byte[]? Content);

public enum CommandOutcome : byte
{
    Recorded = 1,

    /// <summary>The same was recorded before.</summary>
    NothingToDo = 2,
    Refused = 3,
}
