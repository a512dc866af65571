using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace NumberLedger.Api;

/// <summary>An answer that is made while it is sent, and while the file still arrives.</summary>
internal sealed class FileReply(IFileWork work, FileOrder order, IDisposable slot)
    : StreamReply(StatusCodes.Status200OK)
{
    public override async Task SendAsync(HttpContext http)
    {
        using IDisposable held = slot;
        Begin(http);
        using var progress = new FileProgress();
        await using Stream input = FileRequest.Unpacked(http.Request);
        try
        {
            await using Stream output = FileRequest.Packed(http, order.Out);
            await work.RunAsync(order, input, output, progress, http.RequestAborted);
        }
        catch (FileRefusedException refused) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await ProblemReply.Of(refused.Kind, refused.Detail).SendAsync(http);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException) when (http.Response.HasStarted)
        {
            http.Abort(); // The sender stopped in the middle. Without a trailer the answer is known to be cut off.
        }
    }

    /// <summary>A file has limits of its own, and they are told in its trailer.</summary>
    public static void Begin(HttpContext http)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        // Whoever makes the file while it is sent may pause; its place among the party's files is its own to waste.
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: Limits.FilePauseMax);
        }
    }
}
