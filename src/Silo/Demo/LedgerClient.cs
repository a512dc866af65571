using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace NumberLedger.Silo;

/// <summary>One party's side of the HTTP API, as anybody would write it.</summary>
internal sealed class LedgerClient : IDisposable
{
    private readonly HttpClient _http;

    public LedgerClient(string url, string key)
    {
        _http = new HttpClient { BaseAddress = new Uri(url) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <exception cref="StartException">The ledger answered anything but a success.</exception>
    public async Task<JsonNode> PostAsync(string path, JsonNode body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync(
            new Uri(path, UriKind.Relative), content, cancellationToken);
        string answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(answer)!
            : throw new StartException($"{path} answered {(int)response.StatusCode}: {answer}");
    }

    public void Dispose() => _http.Dispose();
}
