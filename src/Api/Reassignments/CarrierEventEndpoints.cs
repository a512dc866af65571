using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>Carriers say what happened.</summary>
internal sealed class CarrierEventEndpoints(IGrainFactory grains, Sealer sealer)
{
    public static readonly Operation Report = new(
        "postCarrierEvents", "Carrier events", "Say what happened to your numbers.",
        $"1 to {Limits.CarrierEventsMax} events, never all or nothing: each has its own result. If the answer is not a 200, "
        + "send all of them again: what was recorded is a duplicate then.")
    {
        Scope = Scopes.WriteCarrierEvents,
        TakesRegion = true,
        IsWrite = true,
        BodyBytesMax = Limits.CarrierEventsBytesMax,
        Answers =
        [
            new(200, "One result for each event, in order.", typeof(CarrierEventsResponse),
                """{"results":[{"eventId":"e1","status":"recorded"},{"eventId":"e2","status":"refused","code":"number-not-held","detail":"Only the carrier whose range holds it, or to which it was ported, may. Send ported_in first if it came to you."}]}"""),
        ],
    };

    public static void Map(LedgerRoutes routes) =>
        routes.Post(
            "/v1/carrier-events", Report, CarrierEventsRequest.Shape,
            routes.Endpoints<CarrierEventEndpoints>().ReportAsync);

    private async ValueTask<Reply> ReportAsync(Call call, CarrierEventsRequest request)
    {
        BatchItem<CarrierEvent>[] events = request.Events;
        var results = new CarrierEventResult[events.Length];
        var numbers = new Dictionary<PhoneNumber, List<int>>();
        var feeds = new List<int>();
        for (int i = 0; i < events.Length; i++)
        {
            (CarrierEvent? happened, Faults? faults) = events[i];
            if (faults is not null)
            {
                results[i] = CarrierEventResult.Refused(
                    happened?.EventId, faults.Decisive.Kind, faults.Decisive.DetailWithPlace);
            }
            else if (happened!.Kind is EventKind.FeedAlive)
            {
                feeds.Add(i);
            }
            else
            {
                if (!numbers.TryGetValue(happened.Number!.Value, out List<int>? places))
                {
                    numbers.Add(happened.Number.Value, places = []);
                }

                places.Add(i);
            }
        }

        await Bounded.ForEachAsync(numbers, pair => ReportNumberAsync(call, pair.Key, pair.Value, events, results));
        foreach (int i in feeds) results[i] = await ReportFeedAsync(call, i, events[i].Value!);

        return new JsonReply<CarrierEventsResponse>(
            StatusCodes.Status200OK, new CarrierEventsResponse(results), Json.Types.CarrierEventsResponse);
    }

    private async Task ReportNumberAsync(
        Call call, PhoneNumber number, List<int> places, BatchItem<CarrierEvent>[] events, CarrierEventResult[] results)
    {
        var items = new ReportItem[places.Count];
        for (int i = 0; i < items.Length; i++)
        {
            CarrierEvent happened = events[places[i]].Value!;
            var report = new LedgerEvent.CarrierReport(
                (CarrierEventKind)happened.Kind!.Value, call.Caller.Party, happened.EventId!, happened.EffectiveOn,
                happened.OtherCarrier, happened.Retracts);
            items[i] = new ReportItem(report, call.Commands.At(places[i]));
        }

        // Not cancelled with the caller: what was begun is finished, and found recorded when it is sent again.
        ReportReply[] replies = await grains.Number(sealer, number).ReportAsync(
            new ReportCommand(number, items), CancellationToken.None);
        for (int i = 0; i < items.Length; i++)
        {
            results[places[i]] = CarrierEventResult.Of(items[i].Report.EventId, replies[i].Outcome, replies[i].Refusal);
        }
    }

    private async Task<CarrierEventResult> ReportFeedAsync(Call call, int index, CarrierEvent said)
    {
        var report = new LedgerEvent.FeedReported(
            call.Caller.Party, said.EventId!, said.From!.Value, said.To!.Value, said.CompleteThrough!.Value);
        CommandReply reply = await grains.Registry().ReportFeedAsync(
            new RegistryCommand<LedgerEvent.FeedReported>(report, call.Commands.At(index)), CancellationToken.None);
        return CarrierEventResult.Of(report.EventId, reply.Outcome, reply.Refusal);
    }
}

/// <summary>Results in the order of the events.</summary>
internal sealed record CarrierEventsResponse(
    [property: Description("One for each event.")] IReadOnlyList<CarrierEventResult> Results);

/// <summary>What became of one event.</summary>
internal sealed record CarrierEventResult(
    [property: Description("As it was sent; absent if it could not be read.")] string? EventId,
    [property: JsonConverter(typeof(SnakeCase<EventStatus>))]
    [property: Description("recorded: it counts from now. duplicate: it was recorded before. refused: see code.")]
    EventStatus Status,
    [property: Description("With refused: why, stable, in kebab-case.")] string? Code,
    [property: Description("With refused: what can be done about it.")] string? Detail)
{
    public static CarrierEventResult Refused(string? eventId, ProblemKind kind, string detail) =>
        new(eventId, EventStatus.Refused, kind.Code, detail);

    public static CarrierEventResult Of(string eventId, CommandOutcome outcome, Refusal? refusal) => refusal is { } no
        ? Refused(eventId, ProblemCatalog.Of(no), ProblemCatalog.Of(no).Remedy)
        : new(eventId, outcome is CommandOutcome.Recorded ? EventStatus.Recorded : EventStatus.Duplicate, null, null);
}

internal enum EventStatus
{
    Recorded,
    Duplicate,
    Refused,
}
