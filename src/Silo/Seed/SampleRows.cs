namespace NumberLedger.Silo;

/// <param name="TrackedSince">The day since which its record is complete.</param>
internal sealed record SampleCarrier(
    string Id, string Name, string EventPrefix, int CallingCode, DateOnly TrackedSince);

internal sealed record SampleRange(SampleCarrier Carrier, PhoneNumber From, PhoneNumber To);

/// <param name="Kind">As on the wire: "disconnected".</param>
/// <param name="On">Only a retraction has none.</param>
/// <param name="ToldOn">When the carrier says so, which may be weeks later: files are in this order.</param>
/// <param name="Id">
/// A number within the sample, by which a retraction names it; the wire's id is made from it when written.
/// </param>
/// <param name="Retracts">The <see cref="Id"/> of the event that was a mistake.</param>
internal sealed record SampleEvent(
    SampleCarrier Carrier, string Kind, PhoneNumber Number, DateOnly? On, DateOnly ToldOn, int Id,
    string? OtherCarrier = null, int? Retracts = null);

internal sealed record SampleFeed(SampleRange Range, DateOnly CompleteThrough);

internal sealed record SampleBinding(
    PhoneNumber Number, string Role, string Purposes, DateTimeOffset ConsentedAt, DateTimeOffset? ExpiresAt);

/// <param name="OfEveryone">Refused of everyone, not of the one lender alone.</param>
/// <param name="Purpose">Null: all purposes.</param>
internal sealed record SampleOptOut(PhoneNumber Number, bool OfEveryone, string? Purpose, DateTimeOffset ReceivedAt);

/// <param name="ConsentedOn">Null: the lender asks on the strength of its stored binding.</param>
internal sealed record SampleLine(PhoneNumber Number, string Purpose, DateOnly? ConsentedOn);

/// <summary>Everything that the files hold.</summary>
internal sealed record SampleWorld(
    SampleOptions Options,
    IReadOnlyList<SampleCarrier> Carriers,
    IReadOnlyList<SampleRange> Ranges,
    IReadOnlyList<SampleEvent> Events,
    IReadOnlyList<SampleFeed> Feeds,
    IReadOnlyList<SampleBinding> Bindings,
    IReadOnlyList<PhoneNumber> Releases,
    IReadOnlyList<SampleOptOut> OptOuts,
    IReadOnlyList<SampleLine> Campaign);
