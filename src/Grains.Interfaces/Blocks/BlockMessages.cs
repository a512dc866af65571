namespace NumberLedger.Grains;

/// <param name="Lender">On whose bindings the checks stand.</param>
[GenerateSerializer, Immutable, Alias("check.v1")]
public sealed record CheckQuery([property: Id(0)] string Lender, [property: Id(1)] CheckItem[] Items);

/// <param name="ConsentedOn">Packed day, <see cref="Days"/>; 0: stand on the stored binding.</param>
[GenerateSerializer, Immutable, Alias("check-item.v1")]
public readonly record struct CheckItem(
    [property: Id(0)] ushort Offset, [property: Id(1)] Purposes Purpose, [property: Id(2)] ushort ConsentedOn);

/// <param name="Position">The block's position as of which every answer was made.</param>
/// <param name="DecidedAt">Never before the block's last entry was recorded.</param>
/// <param name="Answers">In the order of the items.</param>
[GenerateSerializer, Immutable, Alias("check-reply.v1")]
public sealed record CheckReply(
    [property: Id(0)] long Position, [property: Id(1)] DateTimeOffset DecidedAt,
    [property: Id(2)] CheckAnswer[] Answers);

/// <param name="Carrier">Whose feed the answer rests on; null outside coverage, and where nothing may be told.</param>
/// <param name="CompleteThrough">Null: the carrier never said.</param>
[GenerateSerializer, Immutable, Alias("check-answer.v1")]
public readonly record struct CheckAnswer(
    [property: Id(0)] Verdict Verdict,
    [property: Id(1)] Reasons Reasons,
    [property: Id(2)] Advisories Advisories,
    [property: Id(3)] string? Carrier,
    [property: Id(4)] DateOnly? CompleteThrough);

[GenerateSerializer, Immutable, Alias("check-recycling.v1")]
public readonly record struct RecyclingQuery([property: Id(0)] ushort Offset, [property: Id(1)] ushort Day);

/// <param name="Recycled">Null: the record does not speak about the day.</param>
[GenerateSerializer, Immutable, Alias("check-recycling-reply.v1")]
public readonly record struct RecyclingReply([property: Id(0)] bool InCoverage, [property: Id(1)] bool? Recycled);

/// <param name="FromOffset">The first offset to look at.</param>
[GenerateSerializer, Immutable, Alias("list-bindings.v1")]
public readonly record struct BindingsQuery(
    [property: Id(0)] string Lender, [property: Id(1)] ushort FromOffset, [property: Id(2)] int CountMax);

[GenerateSerializer, Immutable, Alias("binding-listing.v1")]
public sealed record BindingListing(
    [property: Id(0)] PhoneNumber Number,
    [property: Id(1)] LedgerEvent.Bound Claim,
    [property: Id(2)] DateTimeOffset? ReleasedAt,
    [property: Id(3)] BindingStatus Status,
    [property: Id(4)] Reasons Reason);
