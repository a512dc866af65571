using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;

namespace NumberLedger.Silo;

/// <summary>One party's side of the HTTP API, as anybody should write it.</summary>
/// <remarks>
/// What was not answered, or answered with 429 or 503, is sent again under the same idempotency key: whether or not the
/// first try was recorded, there will be one event.
/// </remarks>
internal sealed class LedgerClient : IDisposable
{
    private static readonly ResiliencePipeline<HttpResponseMessage> Patience =
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>()
                    .HandleResult(answer =>
                        answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable),
                MaxRetryAttempts = 5,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = retry => new(retry.Outcome.Result?.Headers.RetryAfter?.Delta),
            })
            .Build();

    private readonly HttpClient _http;

    public LedgerClient(string url, string key)
    {
        _http = new HttpClient { BaseAddress = new Uri(url) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <exception cref="StartException">The ledger answered anything but a success.</exception>
    public async Task<JsonNode> PostAsync(string path, JsonNode body, CancellationToken cancellationToken)
    {
        string text = body.ToJsonString();
        string key = Guid.NewGuid().ToString();
        using HttpResponseMessage response = await Patience.ExecuteAsync(
            async token => await SendAsync(path, text, key, token), cancellationToken);
        string answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(answer)!
            : throw new StartException($"{path} answered {(int)response.StatusCode}: {answer}");
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string path, string body, string key, CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", key);
        return await _http.SendAsync(request, token);
    }
}
