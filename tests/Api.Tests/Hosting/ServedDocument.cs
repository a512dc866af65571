using System.Text.Json.Nodes;

namespace NumberLedger.Api.Tests.Hosting;

/// <summary>The OpenAPI document as it is served, walked.</summary>
internal sealed record ServedDocument(JsonNode Root)
{
    public static async Task<ServedDocument> ReadAsync(ApiHost host) => new(JsonNode.Parse(
        await host.Anonymous.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!);

    /// <summary>Every operation, under its method and path: "POST /v1/checks".</summary>
    public Dictionary<string, JsonObject> Operations() => Root["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Select(method => (path.Key, Method: method)))
        .ToDictionary(
            found => $"{found.Method.Key.ToUpperInvariant()} {found.Key}",
            found => found.Method.Value!.AsObject());
}
