using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>What was recorded of a number, as far as the caller may see it.</summary>
internal sealed class HistoryEndpoints(IGrainFactory grains, Sealer sealer)
{
    public static readonly Operation Read = new(
        "postNumberHistory", "Numbers", "Read what was recorded of a number.",
        "A lender sees its own part, a carrier its own events, operators and auditors everything. With knownAt: what the ledger "
        + "knew at that moment.")
    {
        Scope = Scopes.ReadHistory,
        TakesRegion = true,
        Answers =
        [
            new(200, "One entry for each record, in order.", typeof(HistoryResponse),
                """{"entries":[{"position":42,"version":1,"kind":"disconnected","recordedAt":"2026-03-01T01:30:00+00:00","carrier":"demo-carrier","eventId":"e1","effectiveOn":"2026-03-01"}]}"""),
        ],
    };

    public static void Map(LedgerRoutes routes) =>
        routes.Post("/v1/numbers/history", Read, HistoryRequest.Shape, routes.Endpoints<HistoryEndpoints>().ReadAsync);

    private async ValueTask<Reply> ReadAsync(Call call, HistoryRequest request)
    {
        var query = new HistoryQuery(request.Number, call.Caller.Party, call.Caller.Role, request.KnownAt);
        HistoryEntry[] entries =
            await grains.Number(sealer, request.Number).ReadHistoryAsync(query, call.Http.RequestAborted);
        var response = new HistoryResponse([.. entries.Select(HistoryItem.Of)]);
        return new JsonReply<HistoryResponse>(StatusCodes.Status200OK, response, Json.Types.HistoryResponse);
    }
}

internal sealed record HistoryRequest(PhoneNumber Number, DateTimeOffset? KnownAt)
{
    private static readonly NumberField NumberField = new("number", true, "The number.");

    private static readonly InstantField KnownAtField = new(
        "knownAt", false, "Only what was recorded at or before this instant; everything if absent.");

    public static readonly Shape<HistoryRequest> Shape = new(
        "History", "Of which number, and as of when.", [NumberField, KnownAtField], Read,
        """{"number":"+8613800001234","knownAt":"2026-03-01T09:30:00+08:00"}""");

    private static HistoryRequest? Read(Place at)
    {
        PhoneNumber? number = NumberField.Read(at);
        DateTimeOffset? knownAt = KnownAtField.Read(at);
        return at.IsFaulty ? null : new(number!.Value, knownAt);
    }
}

/// <summary>Entries in the order of recording.</summary>
internal sealed record HistoryResponse(
    [property: Description("One for each record that you may see.")] IReadOnlyList<HistoryItem> Entries);

internal enum HistoryKind : byte
{
    Disconnected = CarrierEventKind.Disconnected,
    Reassigned = CarrierEventKind.Reassigned,
    PortedIn = CarrierEventKind.PortedIn,
    PortedOut = CarrierEventKind.PortedOut,
    Suspended = CarrierEventKind.Suspended,
    Reactivated = CarrierEventKind.Reactivated,
    SimChanged = CarrierEventKind.SimChanged,
    Retracted = CarrierEventKind.Retracted,
    Bound = 100,
    Released,
    OptedOut,

    /// <summary>Its content was erased; that there was an entry is still provable.</summary>
    Erased,
}

/// <summary>One entry; the members of its kind are set.</summary>
internal sealed record HistoryItem(
    [property: Description("The entry's place in its block.")] long Position,
    [property: Description("The entry's place in the number's own record.")] long Version,
    [property: JsonConverter(typeof(SnakeCase<HistoryKind>))]
    [property: Description("Carriers' kinds; bound, released and opted_out; erased: only that there was an entry is left.")]
    HistoryKind Kind,
    [property: Description("When the ledger was told.")] DateTimeOffset? RecordedAt)
{
    [Description("Of a carrier's event: who reported it.")]
    public string? Carrier { get; init; }

    [Description("Of a carrier's event: its own name for it.")]
    public string? EventId { get; init; }

    [Description("Of a carrier's event: the day on which it happened.")]
    public DateOnly? EffectiveOn { get; init; }

    [Description("Of a port: the carrier at the other end, as it was named.")]
    public string? OtherCarrier { get; init; }

    [Description("Of a retraction: the event that was a mistake.")]
    public string? Retracts { get; init; }

    [Description("Whose binding it is, or whom the holder refused; absent if everyone was refused.")]
    public string? Lender { get; init; }

    [JsonConverter(typeof(SnakeCase<BindingRole>))]
    [Description("Of a binding: who the holder is to the lender.")]
    public BindingRole? Role { get; init; }

    [Values(typeof(Purposes))]
    [Description("What was consented to, or refused.")]
    public string[]? Purposes { get; init; }

    [Description("Of a binding: when the holder consented, as the lender wrote it.")]
    public DateTimeOffset? ConsentedAt { get; init; }

    [Description("The consent's day as the rules take it: as written, but never later than where the number's day ends last.")]
    public DateOnly? ConsentedOn { get; init; }

    [Description("Of a binding: from when on it no longer counts.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("Of a binding: as the lender sent it.")]
    public EvidenceBody? Evidence { get; init; }

    [JsonConverter(typeof(SnakeCase<OptOutScope>))]
    [Description("Of a refusal: whom the holder refused.")]
    public OptOutScope? Scope { get; init; }

    [Description("Of a refusal: when the holder said so.")]
    public DateTimeOffset? ReceivedAt { get; init; }

    [Description("Of a refusal: the party that passed it on.")]
    public string? ReportedBy { get; init; }

    public static HistoryItem Of(HistoryEntry entry)
    {
        if (entry.Content is null) return new(entry.Position, entry.Version, HistoryKind.Erased, null);

        EntryContent content = EntryCodec.Decode(entry.Content);
        return content.Event switch
        {
            LedgerEvent.CarrierReport e => Item((HistoryKind)e.Kind) with
            {
                Carrier = e.Carrier,
                EventId = e.EventId,
                EffectiveOn = e.On,
                OtherCarrier = e.OtherCarrier,
                Retracts = e.Retracts,
            },
            LedgerEvent.Bound e => Item(HistoryKind.Bound) with
            {
                Lender = e.Lender,
                Role = e.Role,
                Purposes = Words<Purposes>.Split(e.Purposes),
                ConsentedAt = e.ConsentedAt,
                ConsentedOn = e.ConsentedOn,
                ExpiresAt = e.ExpiresAt,
                Evidence = EvidenceBody.Of(e.Evidence),
            },
            LedgerEvent.Released e => Item(HistoryKind.Released) with { Lender = e.Lender },
            LedgerEvent.OptedOut e => Item(HistoryKind.OptedOut) with
            {
                Scope = e.Lender is null ? OptOutScope.Everyone : OptOutScope.Lender,
                Lender = e.Lender,
                Purposes = Words<Purposes>.Split(e.Purposes),
                ReceivedAt = e.ReceivedAt,
                ReportedBy = e.ReportedBy,
            },
            _ => throw new UnreachableException($"{content.Event.GetType().Name} is no event of a number."),
        };

        HistoryItem Item(HistoryKind kind) => new(entry.Position, entry.Version, kind, content.RecordedAt);
    }
}
