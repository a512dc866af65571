using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NumberLedger.Api;

/// <summary>A job as server-sent events: <c>progress</c> whenever it has moved, <c>end</c> when it ended.</summary>
/// <param name="stopping">Of the process: a stream that goes on would hold it up.</param>
internal sealed class JobEvents(Job job, Jobs jobs, TimeProvider time, CancellationToken stopping)
    : StreamReply(StatusCodes.Status200OK)
{
    public const string MediaType = "text/event-stream";

    // Small files end soon; whoever waits for a large one has time.
    private static readonly TimeSpan BetweenFirstLooks = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>Proxies close what is silent for a minute.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    private readonly ArrayBufferWriter<byte> _data = new();
    private byte[] _told = [];

    public override async Task SendAsync(HttpContext http)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = MediaType;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep it back otherwise.

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        long spoken = time.GetTimestamp();
        JobRecord record = job.Record;
        for (TimeSpan wait = BetweenFirstLooks; !record.HasEnded; wait = Longer(wait))
        {
            if (await TellAsync(http, "progress"u8.ToArray(), record, onlyNews: true))
            {
                spoken = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(spoken) >= SilenceMax)
            {
                await http.Response.BodyWriter.WriteAsync(":\n\n"u8.ToArray(), ends.Token);
                spoken = time.GetTimestamp();
            }

            await Task.WhenAny(Task.Delay(wait, time, ends.Token));
            if (ends.IsCancellationRequested) return;

            record = await LookAsync(record, ends.Token);
        }

        await TellAsync(http, "end"u8.ToArray(), record, onlyNews: false);
    }

    private static TimeSpan Longer(TimeSpan wait) => wait * 2 < BetweenLooks ? wait * 2 : BetweenLooks;

    private async Task<JobRecord> LookAsync(JobRecord last, CancellationToken cancellationToken)
    {
        try
        {
            return (await jobs.FindAsync(job.Id, cancellationToken))?.Record
                ?? last.Ended(JobStatus.Cancelled, time.GetUtcNow());
        }
        catch (Exception failed) when (failed is StoreUnavailableException or OperationCanceledException)
        {
            return last; // The next look may find it, if there is one.
        }
    }

    /// <returns>Whether there was anything to tell.</returns>
    private async ValueTask<bool> TellAsync(HttpContext http, byte[] name, JobRecord record, bool onlyNews)
    {
        _data.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_data, Json.WriterOptions))
        {
            JsonSerializer.Serialize(json, JobResponse.Of(record), Json.Types.JobResponse);
        }

        if (onlyNews && _data.WrittenSpan.SequenceEqual(_told)) return false;

        _told = _data.WrittenSpan.ToArray();
        byte[] told = [.. "event: "u8, .. name, .. "\ndata: "u8, .. _told, .. "\n\n"u8];
        await http.Response.BodyWriter.WriteAsync(told, http.RequestAborted);
        return true;
    }
}
