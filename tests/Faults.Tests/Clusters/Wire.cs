using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>Asks the nodes of a cluster, as a client with little patience.</summary>
internal sealed class Wire(Func<int, Uri> addressOf) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A node that is cut off swallows packets: a connection is given up soon, so that the next is tried.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
    })
    {
        Timeout = Patience,
    };

    /// <returns>Status 0: no answer came.</returns>
    public async Task<(int Status, JsonNode? Body)> AskAsync(
        int node, HttpMethod method, string path, string? key, JsonNode? body = null, string? idempotencyKey = null)
    {
        using var content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        (int status, string said) = await SendAsync(node, method, path, key, content, idempotencyKey);
        return (status, said.Length == 0 ? null : JsonNode.Parse(said));
    }

    /// <summary>Lines of JSON; of the answer, which has a line for each that was refused, the trailer.</summary>
    public async Task<(int Status, JsonNode? Trailer)> SendFileAsync(
        int node, string path, string key, params JsonNode[] lines)
    {
        string text = string.Concat(lines.Select(line => line.ToJsonString() + "\n"));
        using var content = new StringContent(text, Encoding.UTF8, "application/x-ndjson");
        (int status, string said) = await SendAsync(node, HttpMethod.Post, path, key, content);
        string? last = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return (status, status != 200 || last is null ? null : JsonNode.Parse(last)!["end"]);
    }

    /// <summary>For what nothing should keep from its success, though a cluster may have to be asked again.</summary>
    public async Task<JsonNode?> MustAsync(int node, HttpMethod method, string path, string key, JsonNode? body = null)
    {
        (int status, JsonNode? said) = await AskAsync(node, method, path, key, body);
        for (int again = 0; again < 20 && status is 0 or 503; again++)
        {
            await Task.Delay(500);
            (status, said) = await AskAsync(node, method, path, key, body);
        }

        Assert.True(status is >= 200 and < 300, $"{path} answered {status} {said}");
        return said;
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, string Body)> SendAsync(
        int node, HttpMethod method, string path, string? key, HttpContent? body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(addressOf(node), path)) { Content = body };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
        {
            return (0, "");
        }
    }
}
