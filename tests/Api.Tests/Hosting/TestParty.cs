using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NumberLedger.Api.Tests.Hosting;

/// <summary>Someone who calls the API with a key of its own.</summary>
public sealed record TestParty(string Id, string Key, HttpClient Client)
{
    public Task<Received> PostAsync(string path, object body, string? idempotencyKey = null) =>
        Client.SendJsonAsync(path, JsonSerializer.Serialize(body), idempotencyKey);

    public Task<Received> PostTextAsync(string path, string json, string? idempotencyKey = null) =>
        Client.SendJsonAsync(path, json, idempotencyKey);

    public async Task<Received> GetAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        return await Received.OfAsync(response);
    }

    public async Task<Received> DeleteAsync(string path, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using HttpResponseMessage response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Received.OfAsync(response);
    }
}

/// <summary>What came back.</summary>
public sealed record Received(
    int Status, string Body, HttpResponseHeaders Headers, string? ContentType, IReadOnlyCollection<string> Allow)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Code => Json["code"]?.GetValue<string>();

    /// <summary>The text at a path of names and indexes: "results/0/status".</summary>
    public string Text(string path) => At(path)?.GetValue<string>()
        ?? throw new InvalidOperationException($"There is no {path} in {Body}");

    public JsonNode? At(string path) => path.Split('/').Aggregate(
        (JsonNode?)Json, (node, name) => int.TryParse(name, out int index) ? node?[index] : node?[name]);

    /// <summary>Pointers of all errors, in order.</summary>
    public string[] Pointers =>
        [.. (Json["errors"] as JsonArray ?? []).Select(error => error!["pointer"]?.GetValue<string>() ?? "?")];

    public static async Task<Received> OfAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
        response.Headers, response.Content.Headers.ContentType?.MediaType, [.. response.Content.Headers.Allow]);
}

internal static class Sending
{
    /// <summary>With the body, unless the method has none.</summary>
    public static async Task<Received> SendAsync(
        this HttpClient client, string method, string path, string? credential, string json = "{}")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "POST") request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (credential is not null) request.Headers.TryAddWithoutValidation("Authorization", credential);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Received.OfAsync(response);
    }

    public static async Task<Received> SendJsonAsync(
        this HttpClient client, string path, string json, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Received.OfAsync(response);
    }

    public static async Task<Received> SendContentAsync(this HttpClient client, string path, HttpContent content)
    {
        using HttpResponseMessage response = await client.PostAsync(
            new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return await Received.OfAsync(response);
    }

    /// <summary>Fails with the whole answer in the message.</summary>
    public static async Task<Received> ShouldBeAsync(this Task<Received> answering, int status, string? code = null)
    {
        Received answer = await answering;
        Assert.True(answer.Status == status, $"Expected {status}, got {answer.Status}: {answer.Body}");
        if (code is not null) Assert.Equal(code, answer.Code);
        return answer;
    }
}
