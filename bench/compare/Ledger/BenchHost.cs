using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NumberLedger.Silo;

namespace NumberLedger.Bench.Compare;

/// <summary>The ledger as <c>serve</c> composes it, and beside it an endpoint that only sends a file back.</summary>
internal static class BenchHost
{
    private const int CopyBytes = 128 * 1024;

    public static async Task RunAsync(string url, string data)
    {
        await using WebApplication app = LedgerHost.Build(
            new ServeOptions(url, data, ServeOptions.DefaultKeysOut(data)));
        app.MapPost("/echo", EchoAsync);
        await app.RunAsync();
    }

    /// <summary>What a file costs that is read and written by this server, and not looked at.</summary>
    private static Task EchoAsync(HttpContext http)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        http.Response.ContentType = "text/csv";
        return http.Request.Body.CopyToAsync(http.Response.Body, CopyBytes, http.RequestAborted);
    }
}
