using System.Text.Json.Nodes;
using NumberLedger.Api.Tests.Access;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.OpenApi;

/// <summary>The document as a stranger reads it, who knows nothing else of the API.</summary>
public sealed class DocumentTests(ApiHost host, Credentials credentials) : IClassFixture<Credentials>
{
    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served() =>
        CommittedFile.AssertIs("docs/reference/openapi.json", await host.Anonymous.GetStringAsync(
            "/openapi/v1.json", TestContext.Current.CancellationToken));

    [Fact]
    public async Task Every_operation_says_what_it_does_and_has_an_id_of_its_own()
    {
        Dictionary<string, JsonObject> operations = (await ServedDocument.ReadAsync(host)).Operations();

        Assert.All(operations.Values, operation =>
        {
            AssertText(operation["summary"]);
            AssertText(operation["description"]);
            Assert.Single(operation["tags"]!.AsArray());
        });
        Assert.Equal(
            operations.Count,
            operations.Values.Select(operation => (string)operation["operationId"]!).Distinct().Count());
    }

    [Fact]
    public async Task Every_answer_with_a_body_shows_an_example_of_it()
    {
        Dictionary<string, JsonObject> operations = (await ServedDocument.ReadAsync(host)).Operations();

        Assert.All(
            operations.Values.SelectMany(operation => operation["responses"]!.AsObject()),
            answer =>
            {
                AssertText(answer.Value!["description"]);
                if (answer.Key is "204") return;

                JsonObject content = answer.Value["content"]!.AsObject();
                Assert.All(content, type => Assert.NotNull(type.Value!["example"]));
            });
    }

    [Fact]
    public async Task Every_example_of_a_request_can_be_read()
    {
        Dictionary<string, JsonObject> operations = (await ServedDocument.ReadAsync(host)).Operations();

        foreach (AccessTable.Row row in AccessTable.Rows)
        {
            if (operations[row.Operation]["requestBody"] is not { } body) continue;

            // An example of a file is a text, and tests of files read it.
            if (body["content"]!["application/json"]?["example"]?.ToJsonString() is not { } example) continue;

            Received answer = await host.Anonymous.SendAsync(row.Method, row.Path, credentials.Of(row.By[0]), example);

            Assert.False(answer.Status is 400, $"{row.Operation} {example}: {answer.Body}");
        }
    }

    [Fact]
    public async Task Every_operation_with_a_credential_tells_what_is_answered_without_one_and_in_trouble()
    {
        Dictionary<string, JsonObject> operations = (await ServedDocument.ReadAsync(host)).Operations();

        Assert.All(operations.Values.Where(operation => operation["security"] is not null), operation =>
        {
            string[] statuses = [.. operation["responses"]!.AsObject().Select(answer => answer.Key)];
            Assert.Equal([], new[] { "400", "401", "403", "429", "500", "503" }.Except(statuses));
            Assert.Equal(statuses.Order(StringComparer.Ordinal), statuses);
        });
    }

    [Fact]
    public async Task Every_member_and_parameter_says_what_it_is()
    {
        ServedDocument document = await ServedDocument.ReadAsync(host);
        JsonObject schemas = document.Root["components"]!["schemas"]!.AsObject();

        string[] silent =
        [
            .. schemas.SelectMany(schema => (schema.Value!["properties"]?.AsObject() ?? [])
                .Where(property => !IsSaid(property.Value!))
                .Select(property => $"{schema.Key}.{property.Key}")),
            .. document.Operations().SelectMany(operation => (operation.Value["parameters"]?.AsArray() ?? [])
                .Where(parameter => parameter!["description"] is null || parameter["example"] is null)
                .Select(parameter => $"{operation.Key} {parameter!["name"]}")),
        ];

        Assert.Empty(silent);

        bool IsSaid(JsonNode property) =>
            property["description"] is not null
            || Target(property) is { } target && schemas[target]!["description"] is not null;

        static string? Target(JsonNode property) =>
            ((string?)property["$ref"] ?? (string?)property["items"]?["$ref"])?.Split('/')[^1];
    }

    /// <summary>Addresses are logged by every proxy on the way.</summary>
    [Fact]
    public async Task Numbers_are_taken_in_bodies_only()
    {
        Dictionary<string, JsonObject> operations = (await ServedDocument.ReadAsync(host)).Operations();

        IEnumerable<string> parameters = operations.Values
            .SelectMany(operation => operation["parameters"]?.AsArray() ?? [])
            .Select(parameter => $"{parameter!["in"]} {parameter["name"]}").Distinct();

        Assert.Equal(
            [
                "header Idempotency-Key", "header x-correlator", "path id", "path keyId", "query async", "query cursor",
                "query limit", "query onBehalfOf", "query purpose", "query region", "query rule",
            ],
            parameters.Order(StringComparer.Ordinal));
    }

    private static void AssertText(JsonNode? node) => Assert.False(string.IsNullOrWhiteSpace((string?)node));
}
