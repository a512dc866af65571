using System.Net.Http.Headers;
using System.Text;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Http;

/// <summary>A body is read exactly as it was described, or refused: what is overlooked may be a refusal.</summary>
public sealed class StrictBodyTests(ApiHost host)
{
    private const string Number = "+8613800001234";

    /// <summary>Bodies of POST /v1/bindings: what is refused, under which code, and where.</summary>
    public static TheoryData<string, string, string> Shapes => new()
    {
        { "[]", "type-wrong", "" },
        { "\"text\"", "type-wrong", "" },
        { "null", "type-wrong", "" },
        { Binding("""
            "expires":"2030-01-01T00:00:00Z"
            """), "member-unknown", "/expires" },
        { Binding("""
            "Number":"+8613800001235"
            """), "member-unknown", "/Number" },
        { Binding("""
            "a/b~c":1
            """), "member-unknown", "/a~1b~0c" },
        { Binding("""
            "evidence":{"kind":"web_form","url":"x"}
            """), "member-unknown", "/evidence/url" },
        { Binding("""
            "role":"contact"
            """), "member-duplicated", "/role" },
        { Binding("""
            "evidence":{"kind":"a","kind":"b"}
            """), "member-duplicated", "/evidence/kind" },
        { Binding("""
            "expiresAt":5
            """), "type-wrong", "/expiresAt" },
        { Binding("""
            "expiresAt":{}
            """), "type-wrong", "/expiresAt" },
        { Binding("""
            "evidence":"form"
            """), "type-wrong", "/evidence" },
        { Binding("""
            "evidence":{}
            """), "member-required", "/evidence/kind" },
        { Binding("""
            "evidence":{"kind":"a\u0000b"}
            """), "text-malformed", "/evidence/kind" },
        { Without("number"), "member-required", "/number" },
        { Without("purposes"), "member-required", "/purposes" },
        { Without("role"), "member-required", "/role" },
        { Without("consentedAt"), "member-required", "/consentedAt" },
        { Changed("number", "8613800001234"), "type-wrong", "/number" },
        { Changed("number", "null"), "member-required", "/number" },
        { Changed("purposes", "\"marketing\""), "type-wrong", "/purposes" },
        { Changed("purposes", "[]"), "list-empty", "/purposes" },
        { Changed("purposes", "[\"marketing\",1]"), "type-wrong", "/purposes/1" },
        { Changed("purposes", "[\"marketing\",\"dunning\"]"), "value-unknown", "/purposes/1" },
        { Changed("purposes", "[\"marketing\",\"marketing\"]"), "value-duplicated", "/purposes/1" },
        { Changed("role", "\"Borrower\""), "value-unknown", "/role" },
        { Changed("role", "true"), "type-wrong", "/role" },
        { Changed("consentedAt", "\"2026-03-01\""), "instant-malformed", "/consentedAt" },
        { Changed("consentedAt", "\"2026-03-01T09:30:00\""), "instant-malformed", "/consentedAt" },
        { Changed("consentedAt", "\"2026-03-01 09:30:00Z\""), "instant-malformed", "/consentedAt" },
        { Changed("consentedAt", "\"2026-03-01T24:00:00Z\""), "instant-malformed", "/consentedAt" },
        { Changed("consentedAt", "\"2026-02-30T09:30:00Z\""), "instant-malformed", "/consentedAt" },
        { Changed("consentedAt", "\"2026-03-01T09:30:00+15:00\""), "instant-malformed", "/consentedAt" },
        { Changed("consentedAt", "\"2026-03-01T09:30:00.Z\""), "instant-malformed", "/consentedAt" },
        { Changed("consentedAt", "1772352000"), "type-wrong", "/consentedAt" },
    };

    /// <summary>What is no JSON to begin with.</summary>
    public static TheoryData<string> Malformed =>
    [
        "{", "}", "{}{}", "{} x", "{},", "nothing", "{'number':1}", "{\"number\":}", "{\"number\":\"a\",}",
        "{/* a comment */}", "{} // a comment", "{\"number\":01}", "{\"number\":NaN}", "\uFEFF{}", "{\"number\":\"a\nb\"}",
        "{\"number\":\"\\uD800\"}", "{\"\\uD800\":1}",
        "{\"number\":" + new string('[', 16) + new string(']', 16) + "}",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_body_of_another_shape_is_refused_at_its_place(string body, string code, string pointer)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received refused = await lender.PostTextAsync("/v1/bindings", body).ShouldBeAsync(400, code);

        Assert.Equal([pointer], refused.Pointers);
        Assert.Equal("application/problem+json", refused.ContentType);
        Assert.Equal($"urn:numberledger:problem:{code}", refused.Text("type"));
        Assert.NotEmpty(refused.Text("errors/0/detail"));
    }

    /// <summary>The order is that of docs/reference/errors.md; the places are in the order of reading.</summary>
    [Theory]
    [InlineData("{\"x\":1,\"scope\":5,\"number\":\"+86\"}", "member-unknown", "/x", "/number", "/scope")]
    [InlineData("{\"scope\":5,\"number\":\"+86\",\"lender\":\"\"}", "type-wrong", "/number", "/scope", "/lender")]
    [InlineData("{\"scope\":\"x\",\"number\":\"+86\",\"lender\":\"\"}", "text-empty", "/number", "/scope", "/lender")]
    [InlineData("{\"scope\":\"x\",\"number\":\"+86\"}", "value-unknown", "/number", "/scope")]
    public async Task Of_several_faults_the_first_by_precedence_decides_and_all_are_listed(
        string body, string code, params string[] pointers)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received refused = await lender.PostTextAsync("/v1/opt-outs", body).ShouldBeAsync(400, code);

        Assert.Equal(pointers, refused.Pointers);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task What_is_not_JSON_is_refused(string body)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        await lender.PostTextAsync("/v1/bindings", body).ShouldBeAsync(400, "body-malformed");
    }

    [Fact]
    public async Task Fifteen_lists_in_an_object_can_still_be_read()
    {
        TestParty lender = await host.NewPartyAsync("lender");

        await lender.PostTextAsync(
            "/v1/bindings", Changed("number", new string('[', 15) + new string(']', 15)))
            .ShouldBeAsync(400, "type-wrong");
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_refused()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        byte[] bytes = [.. "{\"number\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        Received refused = await PostAsync(lender, new ByteArrayContent(bytes), "application/json");

        Assert.Equal((400, "body-malformed"), (refused.Status, refused.Code));
        Assert.Equal("The body is not UTF-8.", refused.Text("detail"));
    }

    [Fact]
    public async Task Null_counts_as_absent()
    {
        TestParty lender = await host.NewPartyAsync("lender");

        await lender.PostTextAsync("/v1/bindings", Binding("""
            "expiresAt":null,"evidence":null
            """)).ShouldBeAsync(201);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    public async Task A_missing_body_is_told_as_such(string? contentType)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received refused = await PostAsync(lender, new ByteArrayContent([]), contentType);

        Assert.Equal((400, "body-empty"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    public async Task JSON_in_UTF8_is_taken_however_it_is_declared(string contentType)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received answer = await PostAsync(lender, TextOf(Binding()), contentType);

        Assert.Equal(201, answer.Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("text/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/problem+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=gb18030")]
    [InlineData("json")]
    public async Task Any_other_content_type_is_415(string? contentType)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received refused = await PostAsync(lender, TextOf(Binding()), contentType);

        Assert.Equal((415, "media-type-unsupported"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("/v1/bindings", 64 * 1024)]
    [InlineData("/v1/bindings/release", 64 * 1024)]
    [InlineData("/v1/checks", 64 * 1024)]
    [InlineData("/v1/opt-outs", 64 * 1024)]
    [InlineData("/v1/numbers/history", 64 * 1024)]
    [InlineData("/v1/bindings/batch", 2 * 1024 * 1024)]
    [InlineData("/v1/checks/batch", 4 * 1024 * 1024)]
    public async Task One_byte_over_the_limit_is_413_and_the_limit_itself_is_read(string path, int limit)
    {
        TestParty lender = await host.NewPartyAsync("lender");
        string Spaces(int count) => "{}" + new string(' ', count - 2);

        Received over = await PostAsync(lender, TextOf(Spaces(limit + 1)), "application/json", path);
        Received overInChunks = await PostAsync(lender, new Chunked(Spaces(limit + 1)), "application/json", path);
        await lender.PostTextAsync(path, Spaces(limit)).ShouldBeAsync(400, "member-required");

        Assert.All([over, overInChunks], refused =>
        {
            Assert.Equal((413, "body-too-large"), (refused.Status, refused.Code));
            Assert.Equal($"At most {limit} bytes here.", refused.Text("detail"));
        });
    }

    [Theory]
    [InlineData("GET", "/v1/checks", "POST")]
    [InlineData("PUT", "/v1/bindings", "GET, POST")]
    [InlineData("DELETE", "/v1/parties", "GET, POST")]
    [InlineData("POST", "/health/live", "GET, HEAD")]
    public async Task Another_method_is_405_and_told_which_there_are(string method, string path, string allowed)
    {
        Received refused = await host.Anonymous.SendAsync(method, path, null);

        Assert.Equal((405, "method-not-allowed"), (refused.Status, refused.Code));
        Assert.Equal(allowed, string.Join(", ", refused.Allow.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Another_address_is_404()
    {
        Received refused = await host.Anonymous.SendAsync("POST", "/v1/check", null);

        Assert.Equal((404, "route-unknown"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task A_browser_at_the_root_finds_the_pages_and_a_program_404()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

        using HttpResponseMessage page = await host.Anonymous.SendAsync(
            request, TestContext.Current.CancellationToken);
        Received program = await host.Anonymous.SendAsync("GET", "/", null);

        Assert.Equal("/docs", page.RequestMessage!.RequestUri!.AbsolutePath.TrimEnd('/'));
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal((404, "route-unknown"), (program.Status, program.Code));
    }

    /// <summary>A binding that is taken, with members more.</summary>
    private static string Binding(string? more = null) => Changed("role", "\"borrower\"", more);

    private static string Without(string member) => Members(member, null);

    private static string Changed(string member, string json, string? more = null) =>
        Members(member, $"\"{member}\":{json}", more);

    private static string Members(string member, string? instead, string? more = null)
    {
        (string Name, string Json)[] members =
        [
            ("number", $"\"{Number}\""), ("purposes", "[\"marketing\"]"), ("role", "\"borrower\""),
            ("consentedAt", "\"2024-03-01T09:30:00+08:00\""),
        ];
        IEnumerable<string?> written =
            [.. members.Select(m => m.Name == member ? instead : $"\"{m.Name}\":{m.Json}"), more];
        return $"{{{string.Join(",", written.Where(text => text is not null))}}}";
    }

    private static ByteArrayContent TextOf(string text) => new(Encoding.UTF8.GetBytes(text));

    private static async Task<Received> PostAsync(
        TestParty party, HttpContent content, string? contentType, string path = "/v1/bindings")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        content.Headers.Remove("Content-Type");
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using HttpResponseMessage response =
            await party.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Received.OfAsync(response);
    }

    /// <summary>Does not say how long it is.</summary>
    private sealed class Chunked(string text) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
