using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Cli.Tests;

/// <summary>A request as it arrived.</summary>
internal sealed record Arrived(string Method, string Target, string Body, IHeaderDictionary Headers);

/// <summary>A server on loopback that answers as a test wants it to, over real HTTP/1.1.</summary>
internal sealed class FakeLedger : IAsyncDisposable
{
    public static readonly AccessKey Key = AccessKey.Make(new byte[AccessKey.RandomBytes]);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new();
    private readonly ConcurrentQueue<Arrived> _arrived = new();

    private FakeLedger()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Url => _app.Urls.First();

    public IReadOnlyList<Arrived> Arrived => [.. _arrived];

    /// <summary>For the program: where this server is, and a key.</summary>
    public Dictionary<string, string?> Environment => new()
    {
        ["NUMBERLEDGER_SERVER"] = Url,
        ["NUMBERLEDGER_KEY"] = Key.Text,
    };

    public static async Task<FakeLedger> StartAsync()
    {
        var ledger = new FakeLedger();
        await ledger._app.StartAsync();
        return ledger;
    }

    /// <summary>From now on this is the answer to a route such as <c>POST /v1/checks</c>.</summary>
    public FakeLedger On(string route, RequestDelegate answer)
    {
        _answers[route] = answer;
        return this;
    }

    /// <summary>The request is taken whole, and noted.</summary>
    public FakeLedger On(string route, int status, string body = "") => On(route, async http =>
    {
        await NoteAsync(http);
        http.Response.StatusCode = status;
        http.Response.ContentType = status < 300 ? "application/json" : "application/problem+json";
        await http.Response.WriteAsync(body);
    });

    public static string Problem(int status, string code, string title = "No.", string detail = "Do otherwise.") =>
        $$"""{"type":"urn:x","title":"{{title}}","status":{{status}},"code":"{{code}}","detail":"{{detail}}","traceId":"4bf9"}""";

    public Task<Ended> RunAsync(params string[] args) => CliProcess.RunAsync(Environment, args);

    public async Task<string> NoteAsync(HttpContext http)
    {
        string body = await new StreamReader(http.Request.Body).ReadToEndAsync();
        _arrived.Enqueue(new Arrived(
            http.Request.Method, http.Request.Path + http.Request.QueryString, body,
            new HeaderDictionary(http.Request.Headers.ToDictionary())));
        return body;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (_answers.TryGetValue($"{http.Request.Method} {http.Request.Path}", out RequestDelegate? answer))
        {
            await answer(http);
            return;
        }

        http.Response.StatusCode = 404;
        await http.Response.WriteAsync(Problem(404, "route-unknown"));
    }
}
