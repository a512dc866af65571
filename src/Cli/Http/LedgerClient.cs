using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;

namespace NumberLedger.Cli;

/// <summary>Small calls to the API. Files go by <see cref="FileCall"/>.</summary>
/// <remarks>
/// What was not answered, or answered with 429 or 503, is sent again; a write under the same idempotency key, so that
/// whether or not the first try was recorded, it is recorded once. No proxy of the environment is used: the key is for
/// the ledger's eyes.
/// </remarks>
internal sealed class LedgerClient : IDisposable
{
    private const string JsonType = "application/json";

    /// <summary>
    /// Nobody at a terminal waits longer than this for a retry; then it is told that the ledger is unavailable.
    /// </summary>
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private static readonly ResiliencePipeline<HttpResponseMessage> Patience =
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = static tried => ValueTask.FromResult(
                    tried.Outcome.Exception is HttpRequestException or TimeoutException
                    || (tried.Outcome.Result is { } answer && MayRetry(answer))),
                MaxRetryAttempts = 3,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = static retry => new(retry.Outcome.Result?.Headers.RetryAfter?.Delta),
            })
            .Build();

    private readonly Lang _lang;
    private readonly HttpClient _http;

    public LedgerClient(Uri server, AccessKey? key, Lang lang)
    {
        _lang = lang;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        })
        {
            BaseAddress = server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (key is { } present)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", present.Text);
        }
    }

    /// <exception cref="CliFailure">The ledger said no.</exception>
    public Task<JsonNode> AskAsync(string path, JsonNode question, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, path, question, isWrite: false, cancellationToken);

    /// <exception cref="CliFailure">The ledger said no.</exception>
    public Task<JsonNode> WriteAsync(
        HttpMethod method, string path, JsonNode? command, CancellationToken cancellationToken) =>
        CallAsync(method, path, command, isWrite: true, cancellationToken);

    /// <exception cref="CliFailure">The ledger said no.</exception>
    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Get, path, null, isWrite: false, cancellationToken);

    /// <summary>An answer to be read as it comes, whatever it is. Not tried again.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, string? accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>One try, and whatever was answered.</summary>
    public async Task<HttpResponseMessage> TryAsync(
        HttpMethod method, string path, JsonNode? body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, JsonType);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(AnswerTimeout);
        try
        {
            return await _http.SendAsync(request, patience.Token);
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("no answer in time", cause);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> CallAsync(
        HttpMethod method, string path, JsonNode? body, bool isWrite, CancellationToken cancellationToken)
    {
        string? key = isWrite ? Guid.NewGuid().ToString() : null;
        using HttpResponseMessage response = await Patience.ExecuteAsync(
            async token => await TryAsync(method, path, body, key, token), cancellationToken);
        string answer = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw Problem.Failure(_lang, (int)response.StatusCode, answer);

        return answer.Length == 0 ? new JsonObject() : JsonNode.Parse(answer)!;
    }

    private static bool MayRetry(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        && (answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero) <= RetryAfterMax;
}
