using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>A job's answer, opened on its way out.</summary>
/// <param name="output">Is closed when it was sent.</param>
internal sealed class JobResults(FileJob job, SealedFileReader output) : StreamReply(StatusCodes.Status200OK)
{
    public override async Task SendAsync(HttpContext http)
    {
        await using (output)
        {
            FileFormat format = job.Record.Order.Out;
            HttpResponse response = http.Response;
            response.ContentType = FileTypes.Of(format);
            response.Headers.CacheControl = "no-store";
            response.Headers.ContentDisposition = $"attachment; filename=\"{job.Id}.{FileTypes.Extension(format)}\"";
            response.Headers.Vary = "Accept-Encoding";
            if (!FileTypes.TakesGzip(http.Request))
            {
                response.ContentLength = output.Length;
                await output.CopyToAsync(response.Body, http.RequestAborted);
                return;
            }

            response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await output.CopyToAsync(gzip, http.RequestAborted);
        }
    }
}
