using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Stories;

/// <summary>A lender binds, asks, passes on refusals, and stops.</summary>
public sealed class LenderStoryTests(ApiHost host)
{
    [Fact]
    public async Task A_lender_is_told_when_its_number_went_to_someone_else()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        string number = block[1234];

        Received bound =
            await lender.PostAsync("/v1/bindings", BindingOf(number, Moments.NoonDaysAgo(300))).ShouldBeAsync(201);
        Received allowed =
            await lender.PostAsync("/v1/checks", new { number, purpose = "marketing" }).ShouldBeAsync(200);
        await carrier.PostAsync("/v1/carrier-events", new
        {
            events = new object[]
            {
                new { eventId = "e1", kind = "disconnected", number, effectiveOn = Moments.DaysAgo(200) },
                new { eventId = "e2", kind = "reassigned", number, effectiveOn = Moments.DaysAgo(50) },
            },
        }).ShouldBeAsync(200);
        Received denied =
            await lender.PostAsync("/v1/checks", new { number, purpose = "marketing" }).ShouldBeAsync(200);

        Assert.Equal("active", bound.Text("status"));
        Assert.StartsWith("bnd_", bound.Text("bindingId"), StringComparison.Ordinal);
        Assert.Equal("allow", allowed.Text("verdict"));
        Assert.Equal("[]", allowed.Json["reasons"]!.ToJsonString());
        Assert.Equal(carrier.Id, allowed.Text("feed/carrier"));
        Assert.True(allowed.Json["feed"]!.AsObject().ContainsKey("completeThrough"));
        Assert.Null(allowed.At("feed/completeThrough"));
        Assert.Equal(block.Key.ToString(), allowed.Text("asOf/block"));
        Assert.Equal("deny", denied.Text("verdict"));
        Assert.Equal("""["reassigned"]""", denied.Json["reasons"]!.ToJsonString());
        Assert.Equal(4, denied.At("asOf/position")!.GetValue<long>());
        Assert.True(DateTimeOffset.TryParse(denied.Text("decidedAt"), out _));
    }

    [Fact]
    public async Task A_binding_with_a_dead_consent_is_kept_and_says_why()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        await carrier.PostAsync("/v1/carrier-events", new
        {
            events = new object[]
            {
                new { eventId = "e1", kind = "disconnected", number = block[1], effectiveOn = Moments.DaysAgo(10) },
                new { eventId = "e2", kind = "disconnected", number = block[2], effectiveOn = Moments.DaysAgo(500) },
                new { eventId = "e3", kind = "reassigned", number = block[3], effectiveOn = Moments.DaysAgo(5) },
            },
        }).ShouldBeAsync(200);

        Received answer = await lender.PostAsync("/v1/bindings/batch", new
        {
            bindings = new[]
            {
                BindingOf(block[1], Moments.NoonDaysAgo(600)),
                BindingOf(block[2], Moments.NoonDaysAgo(600)),
                BindingOf(block[3], Moments.NoonDaysAgo(600)),
                BindingOf(block[4], "2019-06-01T12:00:00+08:00"),
                BindingOf(ApiHost.NewBlock()[4], Moments.NoonDaysAgo(600)),
                BindingOf(block[5], Moments.NoonDaysAgo(600)),
            },
        }).ShouldBeAsync(200);

        Assert.Equal(
            ["dead aging", "dead disconnected", "dead reassigned", "unknown ", "unknown ", "active "],
            answer.Json["results"]!.AsArray().Select(result => $"{result!["status"]} {result["reason"]}"));
    }

    [Fact]
    public async Task A_released_number_binds_again_only_with_a_later_consent()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        string number = block[7];
        Received bound =
            await lender.PostAsync("/v1/bindings", BindingOf(number, Moments.NoonDaysAgo(30))).ShouldBeAsync(201);
        string bindingId = bound.Text("bindingId");

        Received released = await lender.PostAsync("/v1/bindings/release", new { bindingId }).ShouldBeAsync(200);
        await lender.PostAsync("/v1/bindings/release", new { number }).ShouldBeAsync(200);
        await lender.PostAsync("/v1/bindings", BindingOf(number, Moments.NoonDaysAgo(20))).ShouldBeAsync(409, "consent-before-release");
        Received check = await lender.PostAsync("/v1/checks", new { number, purpose = "marketing" }).ShouldBeAsync(200);

        Assert.Equal($$"""{"bindingId":"{{bindingId}}","status":"released"}""", released.Body);
        Assert.Equal("released", check.Text("reasons/0"));
    }

    [Fact]
    public async Task Another_lenders_binding_is_unknown()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        TestParty other = await host.NewPartyAsync("lender");
        Received bound =
            await lender.PostAsync("/v1/bindings", BindingOf(block[8], Moments.NoonDaysAgo(30))).ShouldBeAsync(201);

        await other.PostAsync("/v1/bindings/release", new { bindingId = bound.Text("bindingId") }).ShouldBeAsync(404, "binding-unknown");
        await other.PostAsync("/v1/bindings/release", new { number = block[8] }).ShouldBeAsync(404, "binding-unknown");
        Received check =
            await other.PostAsync("/v1/checks", new { number = block[8], purpose = "marketing" }).ShouldBeAsync(200);

        Assert.Equal("""["no_binding"]""", check.Json["reasons"]!.ToJsonString());
        Assert.Null(check.Json["feed"]);
    }

    [Fact]
    public async Task An_older_consent_and_one_of_tomorrow_are_refused()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        await lender.PostAsync("/v1/bindings", BindingOf(block[9], Moments.NoonDaysAgo(30))).ShouldBeAsync(201);

        await lender.PostAsync("/v1/bindings", BindingOf(block[9], Moments.NoonDaysAgo(31))).ShouldBeAsync(409, "consent-older");
        await lender.PostAsync("/v1/bindings", BindingOf(block[9], Moments.NoonDaysAgo(-2))).ShouldBeAsync(422, "consent-in-future");
        await lender.PostAsync("/v1/bindings", BindingOf(block[9], "1949-12-31T12:00:00+08:00")).ShouldBeAsync(422, "consent-too-early");
    }

    [Fact]
    public async Task A_refusal_counts_from_its_answer_on_for_its_purposes()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        string number = block[10];
        await lender.PostAsync("/v1/bindings", BindingOf(number, Moments.NoonDaysAgo(30))).ShouldBeAsync(201);

        await lender.PostAsync("/v1/opt-outs", new { number, scope = "lender", purposes = new[] { "marketing" } })
            .ShouldBeAsync(201);
        Received marketing =
            await lender.PostAsync("/v1/checks", new { number, purpose = "marketing" }).ShouldBeAsync(200);
        Received servicing =
            await lender.PostAsync("/v1/checks", new { number, purpose = "servicing" }).ShouldBeAsync(200);
        await host.Operator.PostAsync("/v1/opt-outs", new { number, scope = "everyone" }).ShouldBeAsync(201);
        Received after = await lender.PostAsync("/v1/checks", new { number, purpose = "servicing" }).ShouldBeAsync(200);

        Assert.Equal("opted_out", marketing.Text("reasons/0"));
        Assert.Equal("allow", servicing.Text("verdict"));
        Assert.Equal("opted_out", after.Text("reasons/0"));
    }

    [Fact]
    public async Task A_refusal_that_was_recorded_before_is_answered_as_it_was_recorded()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        string number = ApiHost.NewBlock()[10];
        object At(string time) => new { number, scope = "lender", receivedAt = $"{Moments.DaysAgo(2)}T{time}+08:00" };

        Received first = await lender.PostAsync("/v1/opt-outs", At("09:30:00")).ShouldBeAsync(201);
        Received again = await lender.PostAsync("/v1/opt-outs", At("17:00:00")).ShouldBeAsync(201);

        Assert.Equal(first.Body, again.Body);
        Assert.StartsWith($"{Moments.DaysAgo(2)}T09:30:00", again.Text("receivedAt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_of_now_has_the_day_that_it_is_where_the_number_is()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        string inChina = ApiHost.NewBlock()[12];

        Received now = await lender.PostAsync("/v1/opt-outs", new { number = inChina, scope = "lender" })
            .ShouldBeAsync(201);

        Assert.EndsWith("+08:00", now.Text("receivedAt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lender_speaks_for_itself_only_when_it_passes_on_a_refusal()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        TestParty carrier = await host.NewPartyAsync("carrier");
        string number = ApiHost.NewBlock()[11];

        await lender.PostAsync("/v1/opt-outs", new { number, scope = "lender", lender = lender.Id }).ShouldBeAsync(201);
        await lender.PostAsync("/v1/opt-outs", new { number, scope = "lender", lender = "another" }).ShouldBeAsync(403, "lender-not-own");
        await lender.PostAsync("/v1/opt-outs", new { number, scope = "everyone" }).ShouldBeAsync(403, "scope-not-own");
        await host.Operator.PostAsync("/v1/opt-outs", new { number, scope = "lender" }).ShouldBeAsync(400, "member-required");
        await host.Operator.PostAsync("/v1/opt-outs", new { number, scope = "lender", lender = "nobody" })
            .ShouldBeAsync(422, "party-unknown");
        await host.Operator.PostAsync("/v1/opt-outs", new { number, scope = "lender", lender = carrier.Id })
            .ShouldBeAsync(422, "party-of-other-role");
        await host.Operator.PostAsync("/v1/opt-outs", new { number, scope = "everyone", lender = lender.Id })
            .ShouldBeAsync(400, "member-not-allowed");
        await lender.PostAsync("/v1/opt-outs", new { number, scope = "lender", receivedAt = Moments.NoonDaysAgo(-2) })
            .ShouldBeAsync(422, "received-in-future");
    }

    [Fact]
    public async Task A_consent_that_the_lender_brings_stands_without_a_binding()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        object Check(string day) => new { number = block[12], purpose = "marketing", consentedOn = day };

        Received covered = await lender.PostAsync("/v1/checks", Check(Moments.DaysAgo(3))).ShouldBeAsync(200);
        Received before = await lender.PostAsync("/v1/checks", Check("2019-12-31")).ShouldBeAsync(200);
        await lender.PostAsync("/v1/checks", Check(Moments.DaysAgo(-3))).ShouldBeAsync(422, "consent-in-future");
        await lender.PostAsync("/v1/checks", Check("1949-12-31")).ShouldBeAsync(422, "consent-too-early");
        Received first = await lender.PostAsync("/v1/checks", Check("1950-01-01")).ShouldBeAsync(200);

        Assert.Equal("allow", covered.Text("verdict"));
        Assert.Equal("unknown", before.Text("verdict"));
        Assert.Equal("no_coverage", before.Text("reasons/0"));
        Assert.Equal("unknown", first.Text("verdict"));
    }

    [Fact]
    public async Task A_lender_asks_for_itself_and_an_agency_needs_a_grant()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        TestParty agency = await host.NewPartyAsync("agency");
        object Check(string? onBehalfOf) => new { number = ApiHost.NewBlock()[1], purpose = "marketing", onBehalfOf };

        await lender.PostAsync("/v1/checks", Check(lender.Id)).ShouldBeAsync(200);
        await lender.PostAsync("/v1/checks", Check("another")).ShouldBeAsync(403, "not-granted");
        await agency.PostAsync("/v1/checks", Check(lender.Id)).ShouldBeAsync(403, "not-granted");
        Received missing = await agency.PostAsync("/v1/checks", Check(null)).ShouldBeAsync(400, "member-required");
        Received batch =
            await agency.PostAsync("/v1/checks/batch", new { checks = new[] { Check(lender.Id) } }).ShouldBeAsync(200);

        Assert.Equal("/onBehalfOf", missing.Pointers[0]);
        Assert.Equal(403, batch.At("results/0/problem/status")!.GetValue<int>());
    }

    internal static object BindingOf(string number, string consentedAt) => new
    {
        number,
        purposes = new[] { "marketing", "servicing" },
        role = "borrower",
        consentedAt,
    };
}
