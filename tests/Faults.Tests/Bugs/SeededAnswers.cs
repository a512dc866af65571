using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Faults.Tests;

/// <summary>What a carrier reports was reported long ago.</summary>
internal sealed class LateEventsIgnored : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (http, rest) =>
        {
            if (http.Request.Path != "/v1/carrier-events")
            {
                await rest(http);
                return;
            }

            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"results":[{"status":"duplicate"}]}""");
        });
        next(app);
    };
}

/// <summary>Nobody answered, so nothing was done: the client is told no, and may forget it.</summary>
internal sealed class TimeoutsRefused : IStartupFilter
{
    private static readonly PathString[] Writes = ["/v1/bindings", "/v1/opt-outs", "/v1/carrier-events"];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (http, rest) =>
        {
            if (!Writes.Any(path => http.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)))
            {
                await rest(http);
                return;
            }

            Stream real = http.Response.Body;
            using var held = new MemoryStream();
            http.Response.Body = held;
            await rest(http);
            http.Response.Body = real;
            if (http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            {
                http.Response.Clear();
                http.Response.StatusCode = StatusCodes.Status409Conflict;
                await http.Response.WriteAsync("""{"code":"not-recorded"}""");
                return;
            }

            await http.Response.Body.WriteAsync(held.ToArray());
        });
        next(app);
    };
}
