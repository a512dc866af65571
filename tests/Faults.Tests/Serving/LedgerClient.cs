using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>One party's side of the API, for as long as one process runs.</summary>
internal sealed class LedgerClient : IDisposable
{
    private readonly HttpClient _http;

    public LedgerClient(Uri address, string key)
    {
        _http = new HttpClient { BaseAddress = address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <returns>Null: no answer came back, so what became of the request is unknown.</returns>
    /// <remarks>
    /// Sent again some times if it was 503, as the ledger asks for: a machine of tests is busy now and then.
    /// </remarks>
    public async Task<Answer?> TryPostAsync(string path, JsonNode body, string? idempotencyKey = null)
    {
        Answer? answer = await PostOnceAsync(path, body, idempotencyKey);
        for (int again = 0; again < 8 && answer?.Status is HttpStatusCode.ServiceUnavailable; again++)
        {
            await Task.Delay(250, TestContext.Current.CancellationToken);
            answer = await PostOnceAsync(path, body, idempotencyKey);
        }

        return answer;
    }

    /// <inheritdoc cref="TryPostAsync"/>
    /// <remarks>Whatever is answered.</remarks>
    public async Task<Answer?> PostOnceAsync(string path, JsonNode body, string? idempotencyKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(
                request, TestContext.Current.CancellationToken);
            return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="TryPostAsync"/>
    public async Task<Answer?> TrySendAsync(string path, HttpContent file)
    {
        try
        {
            using HttpResponseMessage response = await _http.PostAsync(
                new Uri(path, UriKind.Relative), file, TestContext.Current.CancellationToken);
            return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>A request that nothing should keep from its success.</summary>
    public async Task<JsonNode> PostAsync(string path, JsonNode body)
    {
        Answer? answer = await TryPostAsync(path, body);
        Assert.True(answer?.IsSuccess, $"{path} answered {answer}");
        return answer!.ReadJson();
    }

    public async Task<Answer> GetAsync(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(
            new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();
}

internal sealed record Answer(HttpStatusCode Status, string Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public JsonNode ReadJson() => JsonNode.Parse(Body)!;
}
