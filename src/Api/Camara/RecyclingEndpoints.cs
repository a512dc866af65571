using System.ComponentModel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>CAMARA NumberRecycling: was the number given to someone else since that day?</summary>
/// <remarks>
/// Faults are judged in the order of their specification: 401, 403, 400 (no body, unknown property, date or number
/// malformed), 422 MISSING_IDENTIFIER, 422 SERVICE_NOT_APPLICABLE, 404, 400 OUT_OF_RANGE. Our access keys identify no
/// number, so the body must.
/// </remarks>
internal sealed class RecyclingEndpoints(IGrainFactory grains, TimeProvider time)
{
    public static void Map(LedgerRoutes routes)
    {
        RecyclingEndpoints endpoints = routes.Endpoints<RecyclingEndpoints>();
        foreach ((string version, string name) in new[] { ("v0.2", "V02"), ("v0.3rc1", "V03Rc1") })
        {
            Operation operation = RecyclingOperation.Of(name) with { Body = RecyclingRequest.Shape };
            routes.Map(HttpMethods.Post, $"{CamaraErrors.Prefix}/{version}/check", operation, endpoints.CheckAsync);
        }
    }

    private async ValueTask<Reply> CheckAsync(HttpContext http, Caller caller)
    {
        if (Correlator.IsMalformed(http))
        {
            return CamaraErrors.InvalidArgument("The x-correlator header does not match its pattern.");
        }

        if (!AcceptsJson(http.Request))
        {
            return CamaraErrors.Of(406, "NOT_ACCEPTABLE", "Only application/json can be answered.");
        }

        (Body? body, ProblemReply? problem) = await Body.ReadAsync(http, Limits.BodyBytesMax);
        if (body is null) return CamaraErrors.Of(problem!.Kind);

        using (body)
        {
            var faults = new Faults();
            RecyclingRequest? request = body.Read(RecyclingRequest.Shape, faults, NumberReader.E164);
            return faults.Any
                ? CamaraErrors.InvalidArgument(MessageOf(faults.Decisive))
                : await CheckAsync(request!);
        }
    }

    private async ValueTask<Reply> CheckAsync(RecyclingRequest request)
    {
        if (request.PhoneNumber is null)
        {
            return CamaraErrors.Of(
                422, "MISSING_IDENTIFIER", "phoneNumber is required: the access key identifies no number.");
        }

        if (!PhoneNumber.TryParse(request.PhoneNumber, out PhoneNumber number) || !SubscriberNumbers.MayBeOne(number))
        {
            return CamaraErrors.Of(422, "SERVICE_NOT_APPLICABLE", "The number cannot be a subscriber's.");
        }

        // A day that the calendar cannot hold is out of range, but only of a number that is known: that is asked first.
        DateOnly day = request.SpecifiedDate;
        bool canHold = Days.CanHold(day);
        var query = new RecyclingQuery(NumberBlock.OffsetOf(number), Days.Pack(canHold ? day : Days.First));
        RecyclingReply reply =
            await grains.Block(NumberBlock.Of(number)).CheckRecyclingAsync(query, CancellationToken.None);
        if (!reply.InCoverage)
        {
            return CamaraErrors.Of(404, "IDENTIFIER_NOT_FOUND", "No carrier reports on this number.");
        }

        if (day > Country.Of(number).LatestDay(time.GetUtcNow()))
        {
            return CamaraErrors.Of(400, "OUT_OF_RANGE", "specifiedDate is in the future.");
        }

        if (!canHold || reply.Recycled is not { } recycled)
        {
            return CamaraErrors.Of(400, "OUT_OF_RANGE", "specifiedDate is before the record of this number begins.");
        }

        return new CamaraReply<RecyclingResponse>(
            StatusCodes.Status200OK, new RecyclingResponse(recycled), Json.Types.RecyclingResponse);
    }

    private static string MessageOf(Fault fault) =>
        fault.Pointer is { Length: > 1 } pointer ? $"{pointer[1..]}: {fault.Detail}" : fault.Detail;

    private static bool AcceptsJson(HttpRequest request)
    {
        StringValues accept = request.Headers.Accept;
        if (StringValues.IsNullOrEmpty(accept)) return true;
        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? types)) return true;

        return types.Any(type => type.Quality is not 0
            && (type.MatchesAllTypes || (type.Type == "application" && (type.MatchesAllSubTypes || type.SubType == "json"))));
    }
}

/// <param name="PhoneNumber">In the shape of E.164, whether it can exist or not; null: not sent.</param>
internal sealed record RecyclingRequest(string? PhoneNumber, DateOnly SpecifiedDate)
{
    private static readonly CamaraNumberField NumberField = new(
        "phoneNumber", false, "The number. Required in effect: without it, 422 MISSING_IDENTIFIER.");

    private static readonly DayField DateField = new(
        "specifiedDate", true, "The day on which the number was known to be its holder's.");

    public static readonly Shape<RecyclingRequest> Shape = new(
        "NumberRecyclingCheck", "Was the number given to someone else since that day?", [NumberField, DateField], Read,
        """{"phoneNumber":"+8613800001234","specifiedDate":"2024-10-31"}""");

    private static RecyclingRequest? Read(Place at)
    {
        string? number = NumberField.Read(at);
        DateOnly? date = DateField.Read(at);
        return at.IsFaulty ? null : new(number, date!.Value);
    }
}

internal sealed record RecyclingResponse(
    [property: Description("True unless the present holder held the number on that day.")] bool PhoneNumberRecycled);
