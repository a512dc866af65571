using System.Text;
using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Camara;

/// <summary>CAMARA NumberRecycling, as a client of theirs meets it.</summary>
public sealed class RecyclingTests(ApiHost host) : IAsyncLifetime
{
    private static readonly string[] Versions = ["v0.2", "v0.3rc1"];

    private TestBlock _block;
    private TestParty _lender = null!;

    /// <summary>A body, the status and code that it gets. COVERED is a number on record since 2020.</summary>
    public static TheoryData<string, int, string> Faults => new()
    {
        // Not what is described.
        { "", 400, "INVALID_ARGUMENT" },
        { "{}", 400, "INVALID_ARGUMENT" },
        { "null", 400, "INVALID_ARGUMENT" },
        { "[]", 400, "INVALID_ARGUMENT" },
        { "{", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"COVERED"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"COVERED","specifiedDate":null}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"COVERED","specifiedDate":"2024-02-30"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"COVERED","specifiedDate":"2024-1-1"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"COVERED","specifiedDate":"2024-01-01T00:00:00Z"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"COVERED","specifiedDate":""}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"COVERED","specifiedDate":20240101}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"COVERED","specifiedDate":"2024-01-01","x":1}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":{"a":1},"specifiedDate":"2024-01-01"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"13800001234","specifiedDate":"2024-01-01"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"+0123456","specifiedDate":"2024-01-01"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"+1234","specifiedDate":"2024-01-01"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"+1234567890123456","specifiedDate":"2024-01-01"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"","specifiedDate":"2024-01-01"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"+8613800001234\n","specifiedDate":"2024-01-01"}""", 400, "INVALID_ARGUMENT" },

        // Described, but of no number, or of one that is not a subscriber's.
        { """{"specifiedDate":"2024-01-01"}""", 422, "MISSING_IDENTIFIER" },
        { """{"phoneNumber":null,"specifiedDate":"2024-01-01"}""", 422, "MISSING_IDENTIFIER" },
        { """{"phoneNumber":"+18002345678","specifiedDate":"2024-01-01"}""", 422, "SERVICE_NOT_APPLICABLE" },
        { """{"phoneNumber":"+864001234567","specifiedDate":"2024-01-01"}""", 422, "SERVICE_NOT_APPLICABLE" },
        { """{"phoneNumber":"+12345","specifiedDate":"2024-01-01"}""", 422, "SERVICE_NOT_APPLICABLE" },

        // Known to nobody, or not on that day.
        { """{"phoneNumber":"+12065550100","specifiedDate":"2024-01-01"}""", 404, "IDENTIFIER_NOT_FOUND" },
        { """{"phoneNumber":"COVERED","specifiedDate":"2019-12-31"}""", 400, "OUT_OF_RANGE" },
        { """{"phoneNumber":"COVERED","specifiedDate":"0001-01-01"}""", 400, "OUT_OF_RANGE" },
        { """{"phoneNumber":"COVERED","specifiedDate":"9999-12-31"}""", 400, "OUT_OF_RANGE" },

        // Of several faults, the one that comes first in their order.
        { """{"x":1}""", 400, "INVALID_ARGUMENT" },
        { """{"specifiedDate":"tomorrow"}""", 400, "INVALID_ARGUMENT" },
        { """{"phoneNumber":"+18002345678","specifiedDate":"tomorrow"}""", 400, "INVALID_ARGUMENT" },
        { """{"specifiedDate":"9999-12-31"}""", 422, "MISSING_IDENTIFIER" },
        { """{"phoneNumber":"+18002345678","specifiedDate":"9999-12-31"}""", 422, "SERVICE_NOT_APPLICABLE" },
        { """{"phoneNumber":"+12065550100","specifiedDate":"9999-12-31"}""", 404, "IDENTIFIER_NOT_FOUND" },
    };

    public async ValueTask InitializeAsync()
    {
        (TestParty carrier, _block) = await host.NewCarrierAsync();
        _lender = await host.NewPartyAsync("lender");
        await carrier.PostAsync("/v1/carrier-events", new
        {
            events = new object[]
            {
                new { eventId = "a", kind = "reassigned", number = _block[1], effectiveOn = "2023-10-09" },
                new { eventId = "b", kind = "disconnected", number = _block[1], effectiveOn = "2024-02-25" },
                new { eventId = "c", kind = "reassigned", number = _block[1], effectiveOn = "2024-09-21" },
            },
        }).ShouldBeAsync(200);
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>Their worked example: one holder from 2023-10-09 to 2024-02-25, the next from 2024-09-21.</summary>
    [Theory]
    [InlineData("2023-10-08", true)]
    [InlineData("2023-12-22", true)]
    [InlineData("2024-02-24", true)]
    [InlineData("2024-02-25", true)]
    [InlineData("2024-06-01", true)]
    [InlineData("2024-09-20", true)]
    [InlineData("2024-09-21", false)]
    [InlineData("2024-09-22", false)]
    public async Task A_number_was_recycled_unless_its_present_holder_held_it_on_that_day(string day, bool recycled)
    {
        foreach (string version in Versions)
        {
            Received answer = await CheckAsync(version, Body(_block[1], day));

            Assert.Equal(200, answer.Status);
            Assert.Equal($$"""{"phoneNumberRecycled":{{(recycled ? "true" : "false")}}}""", answer.Body);
            Assert.Equal("application/json", answer.ContentType);
        }
    }

    [Fact]
    public async Task A_number_without_events_was_not_recycled_since_its_record_began()
    {
        Received first = await CheckAsync("v0.2", Body(_block[2], "2020-01-01"));
        Received today = await CheckAsync("v0.2", Body(_block[2], Moments.Today));

        Assert.All([first, today], answer => Assert.Equal("""{"phoneNumberRecycled":false}""", answer.Body));
    }

    [Fact]
    public async Task A_day_before_the_record_can_be_judged_if_the_number_is_known_to_have_gone_to_someone_since()
    {
        Received answer = await CheckAsync("v0.2", Body(_block[1], "2019-12-31"));

        Assert.Equal("""{"phoneNumberRecycled":true}""", answer.Body);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Faults_are_judged_in_the_order_of_the_specification(string body, int status, string code)
    {
        foreach (string version in Versions)
        {
            Received answer = await CheckAsync(
                version, body.Replace("COVERED", _block[2], StringComparison.Ordinal), ("x-correlator", "mine"));

            AssertError(answer, status, code);
            Assert.Equal(["mine"], answer.Headers.GetValues("x-correlator"));
        }
    }

    [Fact]
    public async Task Who_may_not_ask_is_told_that_before_anything_else()
    {
        TestParty carrier = await host.NewPartyAsync("carrier");

        Received nobody = await SendAsync(host.Anonymous, "v0.2", "{", ("x-correlator", "mine"));
        Received another = await SendAsync(carrier.Client, "v0.2", "{", ("x-correlator", "mine"));

        AssertError(nobody, 401, "UNAUTHENTICATED");
        AssertError(another, 403, "PERMISSION_DENIED");
        Assert.All([nobody, another], answer => Assert.Equal(["mine"], answer.Headers.GetValues("x-correlator")));
    }

    [Theory]
    [InlineData("text/html", 406)]
    [InlineData("application/xml, text/plain", 406)]
    [InlineData("application/json;q=0", 406)]
    [InlineData("application/json", 200)]
    [InlineData("application/*", 200)]
    [InlineData("text/html, */*;q=0.1", 200)]
    [InlineData("", 200)]
    public async Task Only_JSON_can_be_answered(string accept, int status)
    {
        Received answer = await CheckAsync("v0.2", Body(_block[1], "2024-01-01"), ("Accept", accept));

        Assert.Equal(status, answer.Status);
        if (status is 406) AssertError(answer, 406, "NOT_ACCEPTABLE");
    }

    [Fact]
    public async Task Another_media_type_method_or_address_has_an_error_of_theirs_too()
    {
        Received form = await CheckAsync("v0.2", Body(_block[1], "2024-01-01"), ("Content-Type", "text/plain"));
        Received large = await CheckAsync("v0.2", "{}" + new string(' ', 64 * 1024));
        Received get = await _lender.GetAsync("/number-recycling/v0.2/check");
        Received nowhere = await _lender.GetAsync("/number-recycling/v9/check");

        AssertError(form, 415, "UNSUPPORTED_MEDIA_TYPE");
        AssertError(large, 400, "INVALID_ARGUMENT");
        AssertError(get, 405, "METHOD_NOT_ALLOWED");
        AssertError(nowhere, 404, "NOT_FOUND");
        Assert.Equal(["POST"], get.Allow);
        Assert.All([form, large, get, nowhere], answer => Assert.True(answer.Headers.Contains("x-correlator")));
    }

    [Theory]
    [InlineData("b4333c46-49c0-4f62-80d7-f0ef930f1c46")]
    [InlineData("aZ09-_:;./<>{}")]
    public async Task A_correlator_comes_back_as_it_was_sent(string correlator)
    {
        Received answer = await CheckAsync("v0.2", Body(_block[1], "2024-01-01"), ("x-correlator", correlator));

        Assert.Equal([correlator], answer.Headers.GetValues("x-correlator"));
    }

    [Fact]
    public async Task Without_a_correlator_one_is_made_for_each_request()
    {
        string body = Body(_block[1], "2024-01-01");

        string[] made =
        [
            .. (await CheckAsync("v0.2", body)).Headers.GetValues("x-correlator"),
            .. (await CheckAsync("v0.2", body)).Headers.GetValues("x-correlator"),
        ];

        Assert.All(made, correlator => Assert.Matches("^[0-9a-f]{32}$", correlator));
        Assert.Equal(2, made.Distinct().Count());
    }

    [Fact]
    public async Task A_malformed_correlator_is_refused_and_not_repeated()
    {
        string body = Body(_block[1], "2024-01-01");

        Received longest = await CheckAsync("v0.2", body, ("x-correlator", new string('x', 256)));
        Received tooLong = await CheckAsync("v0.2", body, ("x-correlator", new string('x', 257)));
        Received spaced = await CheckAsync("v0.2", body, ("x-correlator", "a b"));
        Received plus = await CheckAsync("v0.2", "{}", ("x-correlator", _block[1]));

        Assert.Equal(200, longest.Status);
        Assert.All([tooLong, spaced, plus], answer =>
        {
            AssertError(answer, 400, "INVALID_ARGUMENT");
            Assert.Matches("^[0-9a-f]{32}$", answer.Headers.GetValues("x-correlator").Single());
            Assert.Contains("x-correlator", answer.Text("message"), StringComparison.Ordinal);
        });
    }

    private static string Body(string number, string day) =>
        $$"""{"phoneNumber":"{{number}}","specifiedDate":"{{day}}"}""";

    /// <summary>Exactly three fields, and no number in them.</summary>
    private static void AssertError(Received answer, int status, string code)
    {
        Assert.True(answer.Status == status && answer.Code == code, $"Expected {status} {code}: {answer.Body}");
        Assert.Equal(["status", "code", "message"], answer.Json.AsObject().Select(member => member.Key));
        Assert.Equal(status, answer.At("status")!.GetValue<int>());
        Assert.NotEmpty(answer.Text("message"));
        Assert.Equal("application/json", answer.ContentType);
        Assert.DoesNotMatch("[0-9]{7}", answer.Body);
    }

    private Task<Received> CheckAsync(string version, string body, params (string Name, string Value)[] headers) =>
        SendAsync(_lender.Client, version, body, headers);

    private static async Task<Received> SendAsync(
        HttpClient client, string version, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/number-recycling/{version}/check");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach ((string name, string value) in headers)
        {
            if (name is "Content-Type") request.Content.Headers.ContentType = new(value);
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Received.OfAsync(response);
    }
}
