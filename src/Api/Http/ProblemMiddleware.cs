using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>Gives every no a body: what was thrown, and what the framework answered with a bare status.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    /// <summary>What proxies write for a client that went away; nobody sees it but the access log.</summary>
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception thrown) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, thrown);
            return;
        }

        HttpResponse response = http.Response;
        if (response.StatusCode >= StatusCodes.Status400BadRequest && !response.HasStarted
            && response.ContentType is null && response.ContentLength is null
            && KindOf(http) is { } kind)
        {
            await SendAsync(http, kind);
        }
    }

    private async Task AnswerAsync(HttpContext http, Exception thrown)
    {
        http.Response.Clear();
        switch (thrown)
        {
            case OperationCanceledException or IOException when http.RequestAborted.IsCancellationRequested:
            case ConnectionResetException:
                http.Response.StatusCode = ClientClosedRequest;
                return;
            case LedgerUnavailableException unavailable:
                await SendAsync(http, ProblemCatalog.LedgerUnavailable, unavailable.Message);
                return;
            case StoreUnavailableException unavailable:
                Log.StoreFailed(logger, ProblemReply.TraceId(), unavailable.Message);
                await SendAsync(http, ProblemCatalog.LedgerUnavailable);
                return;
            case OperationCanceledException or TimeoutException or OrleansException:
                Log.NotInTime(logger, ProblemReply.TraceId(), thrown.GetType().Name);
                await SendAsync(http, ProblemCatalog.LedgerUnavailable);
                return;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                await SendAsync(http, ProblemCatalog.BodyTooLarge);
                return;
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                await SendAsync(http, ProblemCatalog.RequestTooSlow);
                return;
            case BadHttpRequestException:
                await SendAsync(http, ProblemCatalog.RequestMalformed);
                return;
            default:
                Log.Surprised(logger, ProblemReply.TraceId(), LogText.WithoutNumbers(thrown.ToString()));
                await SendAsync(http, ProblemCatalog.Internal);
                return;
        }
    }

    /// <summary>Null for a status that is none of ours.</summary>
    private static ProblemKind? KindOf(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => ProblemCatalog.RouteUnknown,
        StatusCodes.Status405MethodNotAllowed => ProblemCatalog.MethodNotAllowed,
        _ => null,
    };

    /// <summary>In the form that clients of the address expect.</summary>
    public static Reply ReplyOf(HttpContext http, ProblemKind kind, string? detail = null) =>
        CamaraErrors.IsTheirs(http) ? CamaraErrors.Of(kind) : ProblemReply.Of(kind, detail);

    private static Task SendAsync(HttpContext http, ProblemKind kind, string? detail = null) =>
        ReplyOf(http, kind, detail).SendAsync(http);

    private static partial class Log
    {
        [LoggerMessage(1801, LogLevel.Warning, "Request {TraceId} found no answer in time: {What}.")]
        public static partial void NotInTime(ILogger logger, string? traceId, string what);

        [LoggerMessage(1803, LogLevel.Error, "Request {TraceId} found the store of files failing: {What}")]
        public static partial void StoreFailed(ILogger logger, string? traceId, string what);

        [LoggerMessage(1802, LogLevel.Error, "Request {TraceId} failed: {What}")]
        public static partial void Surprised(ILogger logger, string? traceId, string what);
    }
}
