using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Http;

/// <summary>Numbers, where they may stand and where not.</summary>
public sealed class NumberTests(ApiHost host)
{
    [Theory]
    [InlineData("", "number-missing")]
    [InlineData("8613800001234", "number-no-plus")]
    [InlineData("13800001234", "number-no-plus")]
    [InlineData("tel:+8613800001234", "number-no-plus")]
    [InlineData(" +8613800001234", "number-no-plus")]
    [InlineData("+86 138 0000 1234", "number-not-a-digit")]
    [InlineData("+8613800001234 ", "number-not-a-digit")]
    [InlineData("+861380000123x", "number-not-a-digit")]
    [InlineData("+86138000012\uFF13\uFF14", "number-not-a-digit")]
    [InlineData("+", "number-too-short")]
    [InlineData("+86", "number-too-short")]
    [InlineData("+86138", "number-too-short")]
    [InlineData("+1206555010", "number-too-short")]
    [InlineData("+12065550100123", "number-too-long")]
    [InlineData("+8613800001234567", "number-too-long")]
    [InlineData("+0138000012345", "number-unknown-calling-code")]
    [InlineData("+9993800001234", "number-unknown-calling-code")]
    public async Task A_number_that_cannot_exist_is_422_and_no_verdict(string number, string code)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received refused = await lender.PostAsync("/v1/checks", new { number, purpose = "marketing" })
            .ShouldBeAsync(422, code);

        Assert.Equal(["/number"], refused.Pointers);
        if (number.Length > 4) Assert.DoesNotContain(number.Trim(), refused.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("13800001234")]
    [InlineData("138 0000 1234")]
    [InlineData("+86-138-0000-1234")]
    [InlineData("+8613800001234")]
    [InlineData("\uFF0B\uFF18\uFF16 138 0000 1234")]
    public async Task With_a_region_national_formats_are_taken_too(string number)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received answer = await lender.PostAsync("/v1/checks?region=CN", new { number, purpose = "marketing" })
            .ShouldBeAsync(200);

        Assert.Equal("861380000", answer.Text("asOf/block"));
    }

    [Fact]
    public async Task What_follows_a_number_after_a_long_gap_is_not_overlooked()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        string number = "13800001234" + new string(' ', 60) + "5";

        await lender.PostAsync("/v1/checks?region=CN", new { number, purpose = "marketing" })
            .ShouldBeAsync(422, "number-too-long");
    }

    [Theory]
    [InlineData("?region=cn", "region-unknown", "region")]
    [InlineData("?region=XX", "region-unknown", "region")]
    [InlineData("?region=", "region-unknown", "region")]
    [InlineData("?region=CN&region=US", "parameter-duplicated", "region")]
    [InlineData("?Region=CN", "parameter-unknown", "Region")]
    [InlineData("?purpose=marketing", "parameter-unknown", "purpose")]
    public async Task A_query_is_read_as_strictly_as_a_body(string query, string code, string parameter)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received refused = await lender.PostAsync(
            "/v1/checks" + query, new { number = "13800001234", purpose = "marketing" }).ShouldBeAsync(400, code);

        Assert.Equal(parameter, refused.Text("errors/0/parameter"));
    }

    [Theory]
    [InlineData("limit=0", "limit-malformed")]
    [InlineData("limit=1001", "limit-malformed")]
    [InlineData("limit=-1", "limit-malformed")]
    [InlineData("limit=ten", "limit-malformed")]
    [InlineData("limit=1&limit=2", "parameter-duplicated")]
    [InlineData("cursor=", "cursor-invalid")]
    [InlineData("cursor=abc", "cursor-invalid")]
    [InlineData("cursor=q0Jz3v9bWm5XcT1uYk7RfL2eHdN8aPsG4oVtCiKxBnEwZyMrQhA", "cursor-invalid")]
    [InlineData("region=CN", "parameter-unknown")]
    public async Task A_page_is_asked_for_with_a_limit_and_a_cursor_that_was_given(string query, string code)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        await lender.GetAsync("/v1/bindings?" + query).ShouldBeAsync(400, code);
    }

    /// <summary>A careless client puts it anywhere. Nothing of ours passes it on.</summary>
    [Theory]
    [InlineData("GET", "/v1/checks/+8613812345678")]
    [InlineData("POST", "/v1/checks?number=%2B8613812345678&purpose=marketing")]
    [InlineData("POST", "/v1/checks?8613812345678")]
    [InlineData("POST", "/v1/checks?region=%2B8613812345678")]
    [InlineData("GET", "/v1/bindings?cursor=%2B8613812345678")]
    [InlineData("GET", "/v1/bindings?limit=8613812345678")]
    [InlineData("POST", "/v1/bindings/+8613812345678/release")]
    [InlineData("DELETE", "/v1/parties/+8613812345678/keys/8613812345678")]
    [InlineData("POST", "/number-recycling/v0.2/check/8613812345678?phoneNumber=8613812345678")]
    public async Task A_number_in_an_address_is_neither_logged_nor_repeated(string method, string address)
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received refused = await lender.Client.SendAsync(method, address, null);

        Assert.InRange(refused.Status, 400, 499);
        Assert.DoesNotContain("13812345678", refused.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Logs.Lines, line => line.Contains("13812345678", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_number_as_the_name_of_a_member_is_not_repeated()
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received refused = await lender.PostTextAsync("/v1/checks", """{"+8613812345678":"marketing"}""")
            .ShouldBeAsync(400, "member-unknown");

        Assert.Contains("", refused.Pointers);
        Assert.DoesNotContain("13812345678", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consent_of_the_future_is_refused_wherever_it_is_brought()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        string number = ApiHost.NewBlock()[1];
        string inAnHour = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:sszzz");

        Received binding = await lender.PostAsync(
            "/v1/bindings", new { number, purposes = new[] { "marketing" }, role = "borrower", consentedAt = inAnHour })
            .ShouldBeAsync(422, "consent-in-future");
        Received check = await lender.PostAsync(
            "/v1/checks", new { number, purpose = "marketing", consentedOn = Moments.DaysAgo(-2) })
            .ShouldBeAsync(422, "consent-in-future");

        Assert.Equal(["/consentedOn"], check.Pointers);
        Assert.Contains("5 minutes", binding.Text("detail"), StringComparison.Ordinal);
    }
}
