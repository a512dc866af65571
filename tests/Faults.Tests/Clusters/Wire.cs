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
        using var request = new HttpRequestMessage(method, new Uri(addressOf(node), path));
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request);
            string text = await response.Content.ReadAsStringAsync();
            return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
        {
            return (0, null);
        }
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
}
