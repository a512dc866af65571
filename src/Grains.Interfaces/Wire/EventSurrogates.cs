namespace NumberLedger.Grains;

/// <summary>
/// Events cross the wire as they are stored, by <see cref="EntryCodec"/>: one format to keep readable for ever.
/// </summary>
[GenerateSerializer, Immutable, Alias("event.v1")]
internal readonly record struct EventSurrogate([property: Id(0)] byte[] Content);

internal abstract class EventConverter<TEvent> : IConverter<TEvent, EventSurrogate>
    where TEvent : LedgerEvent
{
    public TEvent ConvertFromSurrogate(in EventSurrogate surrogate) =>
        (TEvent)EntryCodec.Decode(surrogate.Content).Event;

    public EventSurrogate ConvertToSurrogate(in TEvent value) =>
        new(EntryCodec.Encode(new EntryContent(default, EntryContent.NoOffset, value)));
}

[RegisterConverter]
internal sealed class CarrierReportConverter : EventConverter<LedgerEvent.CarrierReport>;

[RegisterConverter]
internal sealed class BoundConverter : EventConverter<LedgerEvent.Bound>;

[RegisterConverter]
internal sealed class OptedOutConverter : EventConverter<LedgerEvent.OptedOut>;

[RegisterConverter]
internal sealed class RangeSetConverter : EventConverter<LedgerEvent.RangeSet>;

[RegisterConverter]
internal sealed class RangeEndedConverter : EventConverter<LedgerEvent.RangeEnded>;

[RegisterConverter]
internal sealed class PartyRegisteredConverter : EventConverter<LedgerEvent.PartyRegistered>;

[RegisterConverter]
internal sealed class KeyAddedConverter : EventConverter<LedgerEvent.KeyAdded>;

[RegisterConverter]
internal sealed class RangeListedConverter : EventConverter<LedgerEvent.RangeListed>;

[RegisterConverter]
internal sealed class RangeDelistedConverter : EventConverter<LedgerEvent.RangeDelisted>;

[RegisterConverter]
internal sealed class FeedReportedConverter : EventConverter<LedgerEvent.FeedReported>;
