using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>A job's answer, opened on its way out.</summary>
/// <param name="output">Is closed when it was sent.</param>
internal sealed class JobResults(JobRecord job, SealedFileReader output) : StreamReply(StatusCodes.Status200OK)
{
    public override async Task SendAsync(HttpContext http)
    {
        await using (output)
        {
            HttpResponse response = http.Response;
            FileFormat format = job.Order.Out;
            response.Headers.CacheControl = "no-store";
            response.Headers.ContentDisposition = $"attachment; filename=\"{job.Id}.{ExtensionOf(format)}\"";
            await using Stream body = FileRequest.Packed(http, format);
            if (body == response.Body) response.ContentLength = output.Length;
            await output.CopyToAsync(body, http.RequestAborted);
        }
    }

    private static string ExtensionOf(FileFormat format) => format is FileFormat.Csv ? "csv" : "ndjson";
}
