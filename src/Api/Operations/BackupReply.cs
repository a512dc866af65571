using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Api;

/// <summary>A backup, read from the store as it is sent.</summary>
/// <param name="slot">Is left when it has ended.</param>
/// <param name="stopping">Of the process: it does not wait for a backup.</param>
internal sealed partial class BackupReply(
    IBackupStore store, BackupMoment moment, DateTimeOffset madeAt, MasterKey master, IDisposable slot,
    ILogger<BackupReply> logger, CancellationToken stopping) : StreamReply(StatusCodes.Status200OK)
{
    public const string MediaType = "application/vnd.numberledger.backup";

    public override async Task SendAsync(HttpContext http)
    {
        using IDisposable held = slot;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        HttpResponse response = http.Response;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = string.Create(
            CultureInfo.InvariantCulture,
            $"attachment; filename=\"ledger-{madeAt.UtcDateTime:yyyyMMddTHHmmssZ}.nlbackup\"");
        // Whoever writes it to a slow disk may pause.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: Limits.FilePauseMax);
        }

        try
        {
            await BackupWriter.WriteAsync(store, moment, master, madeAt, response.Body, progress: null, ends.Token);
        }
        catch (Exception cause) when (cause is BrokenLedgerException or StoreUnavailableException)
        {
            Log.Failed(logger, ProblemReply.TraceId(), cause.Message);
            http.Abort(); // Without its end nobody takes it for a backup.
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1805, LogLevel.Error, "Request {TraceId}: the backup was broken off. {Cause}")]
        public static partial void Failed(ILogger logger, string? traceId, string cause);
    }
}
