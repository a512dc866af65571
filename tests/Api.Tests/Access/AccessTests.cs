using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Access;

/// <summary>Every operation, called by everyone.</summary>
public sealed class AccessTests(ApiHost host, Credentials credentials) : IClassFixture<Credentials>
{
    public static TheoryData<string> Operations => [.. AccessTable.Rows.Select(row => row.Operation)];

    [Fact]
    public async Task Every_operation_of_the_document_has_a_row_and_every_row_an_operation()
    {
        ServedDocument document = await ServedDocument.ReadAsync(host);

        Assert.Equal(
            AccessTable.Rows.Select(row => row.Operation).Order(StringComparer.Ordinal),
            document.Operations().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_names_the_scope_of_every_operation()
    {
        Dictionary<string, JsonObject> operations = (await ServedDocument.ReadAsync(host)).Operations();

        Assert.All(AccessTable.Rows, row => Assert.Equal(
            row.IsPublic ? null : $$"""[{"accessKey":["{{row.Scope}}"]}]""",
            operations[row.Operation]["security"]?.ToJsonString()));
    }

    [Fact]
    public async Task Nothing_is_served_that_the_document_does_not_list_but_the_document_and_its_pages()
    {
        ServedDocument document = await ServedDocument.ReadAsync(host);

        IEnumerable<string> served = host.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}"));

        Assert.Equal(
            [
                "GET /", "GET /openapi/v1.json",
                "HEAD /", "HEAD /health/live", "HEAD /health/ready", "HEAD /openapi/v1.json",
            ],
            served.Except(document.Operations().Keys)
                .Where(unlisted => !unlisted.Contains(" /docs/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs")]
    public async Task HEAD_of_what_is_open_to_all_is_answered_as_GET_without_the_body(string path)
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        using HttpResponseMessage answer = await host.Anonymous.SendAsync(
            head, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull(answer.Content.Headers.ContentType);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Without_a_valid_credential_nobody_is_let_in(string operation)
    {
        AccessTable.Row row = RowOf(operation);

        await JudgeAsync(null, "credential-missing", "Bearer realm=\"numberledger\"");
        foreach ((string kind, string header) in credentials.Invalid)
        {
            TestContext.Current.TestOutputHelper!.WriteLine(kind);
            await JudgeAsync(
                header, "credential-invalid", "Bearer realm=\"numberledger\", error=\"invalid_token\"");
        }

        async Task JudgeAsync(string? header, string code, string challenge)
        {
            Received answer = await CallAsync(row, header);
            if (row.IsPublic)
            {
                Assert.Equal(200, answer.Status);
                return;
            }

            AssertNo(row, answer, 401, code);
            Assert.Equal(challenge, answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_role_is_let_in_if_its_row_says_so_and_no_other(string operation)
    {
        AccessTable.Row row = RowOf(operation);

        foreach (string role in AccessTable.Roles)
        {
            Received answer = await CallAsync(row, credentials.Of(role));

            if (row.IsPublic || row.By.Contains(role))
            {
                Assert.False(answer.Status is 401 or 403, $"{role}: {answer.Status} {answer.Body}");
            }
            else
            {
                AssertForbidden(row, answer);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_key_without_the_scope_is_not_let_in_whatever_its_role(string operation)
    {
        AccessTable.Row row = RowOf(operation);
        if (row.IsPublic) return;

        Received answer = await CallAsync(row, credentials.Without(row.Scope));

        AssertForbidden(row, answer);
    }

    private static AccessTable.Row RowOf(string operation) =>
        AccessTable.Rows.Single(row => row.Operation == operation);

    private static void AssertForbidden(AccessTable.Row row, Received answer)
    {
        AssertNo(row, answer, 403, "scope-missing");
        Assert.Equal(
            $"Bearer realm=\"numberledger\", error=\"insufficient_scope\", scope=\"{row.Scope}\"",
            answer.Headers.WwwAuthenticate.ToString());
    }

    /// <summary>Under CAMARA's addresses in CAMARA's form, elsewhere in ours.</summary>
    private static void AssertNo(AccessTable.Row row, Received answer, int status, string code)
    {
        Assert.Equal(status, answer.Status);
        if (row.IsCamara)
        {
            Assert.Equal(status is 401 ? "UNAUTHENTICATED" : "PERMISSION_DENIED", answer.Code);
            Assert.Equal(["status", "code", "message"], answer.Json.AsObject().Select(member => member.Key));
            Assert.Equal("application/json", answer.ContentType);
        }
        else
        {
            Assert.Equal(code, answer.Code);
            Assert.Equal("application/problem+json", answer.ContentType);
        }
    }

    private Task<Received> CallAsync(AccessTable.Row row, string? credential) =>
        host.Anonymous.SendAsync(row.Method, row.Path, credential);
}
