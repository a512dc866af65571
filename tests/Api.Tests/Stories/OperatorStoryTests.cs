using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Stories;

/// <summary>An operator lets parties in, and says who reports on what.</summary>
public sealed class OperatorStoryTests(ApiHost host)
{
    [Fact]
    public async Task A_party_is_registered_once_and_does_not_change()
    {
        var party = new { id = "registered-once", name = "Once", role = "auditor" };

        Received made = await host.Operator.PostAsync("/v1/parties", party).ShouldBeAsync(201);
        await host.Operator.PostAsync("/v1/parties", party).ShouldBeAsync(200);
        await host.Operator.PostAsync("/v1/parties", party with { name = "Twice" }).ShouldBeAsync(409, "party-exists");
        await host.Operator.PostAsync("/v1/parties", party with { role = "lender" }).ShouldBeAsync(409, "party-exists");
        Received all = await host.Operator.GetAsync("/v1/parties").ShouldBeAsync(200);

        Assert.Equal("""{"id":"registered-once","name":"Once","role":"auditor"}""", made.Body);
        Assert.Contains(all.Json["parties"]!.AsArray(), found => (string)found!["id"]! == "registered-once");
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a123456789a123456789a123456789a123456789a123456789a123456789a1234")]
    public async Task An_id_is_lower_case_letters_digits_and_inner_hyphens(string id)
    {
        Received refused =
            await host.Operator.PostAsync("/v1/parties", new { id, name = "x", role = "lender" }).ShouldBeAsync(400);

        Assert.Equal(["/id"], refused.Pointers);
    }

    [Fact]
    public async Task Keys_rotate_without_a_pause()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        string keys = $"/v1/parties/{lender.Id}/keys";
        var check = new { number = ApiHost.NewBlock()[1], purpose = "marketing" };

        Received made = await host.Operator.PostAsync(keys, new { }).ShouldBeAsync(201);
        TestParty rotated = host.PartyOf(lender.Id, made.Text("key"));
        await lender.PostAsync("/v1/checks", check).ShouldBeAsync(200);
        await rotated.PostAsync("/v1/checks", check).ShouldBeAsync(200);
        Received listed = await host.Operator.GetAsync(keys).ShouldBeAsync(200);
        string oldKey = listed.Json["keys"]!.AsArray().Select(key => (string)key!["keyId"]!)
            .First(id => id != made.Text("keyId"));
        Received revoked = await host.Operator.DeleteAsync($"{keys}/{oldKey}").ShouldBeAsync(204);
        await host.Operator.DeleteAsync($"{keys}/{oldKey}").ShouldBeAsync(204);
        await lender.PostAsync("/v1/checks", check).ShouldBeAsync(401, "credential-invalid");
        await rotated.PostAsync("/v1/checks", check).ShouldBeAsync(200);

        Assert.Empty(revoked.Body);
        Assert.DoesNotContain("nl_", listed.Body, StringComparison.Ordinal);
        Assert.Equal(2, listed.Json["keys"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_key_has_some_of_its_roles_scopes()
    {
        TestParty carrier = await host.NewPartyAsync("carrier");
        string keys = $"/v1/parties/{carrier.Id}/keys";

        Received made =
            await host.Operator.PostAsync(keys, new { scopes = new[] { "ranges:read" } }).ShouldBeAsync(201);
        TestParty narrow = host.PartyOf(carrier.Id, made.Text("key"));
        await narrow.GetAsync("/v1/ranges").ShouldBeAsync(200);
        Received forbidden = await narrow.PostAsync("/v1/carrier-events", new { }).ShouldBeAsync(403, "scope-missing");
        await host.Operator.PostAsync(keys, new { scopes = new[] { "checks:run" } }).ShouldBeAsync(422, "scope-of-other-role");
        await host.Operator.PostAsync(keys, new { scopes = new[] { "everything" } }).ShouldBeAsync(422, "scope-of-other-role");
        await host.Operator.PostAsync(keys, new { scopes = Array.Empty<string>() }).ShouldBeAsync(400, "list-empty");
        await host.Operator.PostAsync(keys, new { scopes = new[] { "ranges:read", "ranges:read" } }).ShouldBeAsync(400, "value-duplicated");

        Assert.Contains("insufficient_scope", forbidden.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("carrier-events:write", forbidden.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_nobody_and_unknown_keys_are_404()
    {
        TestParty lender = await host.NewPartyAsync("lender");

        await host.Operator.PostAsync("/v1/parties/nobody/keys", new { }).ShouldBeAsync(404, "party-unknown");
        await host.Operator.GetAsync("/v1/parties/nobody/keys").ShouldBeAsync(404, "party-unknown");
        await host.Operator.DeleteAsync($"/v1/parties/{lender.Id}/keys/0000000000000000").ShouldBeAsync(404, "key-unknown");
    }

    [Fact]
    public async Task A_party_has_ten_live_keys_at_most()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        string keys = $"/v1/parties/{lender.Id}/keys";
        for (int i = 1; i < 10; i++) await host.Operator.PostAsync(keys, new { }).ShouldBeAsync(201);

        await host.Operator.PostAsync(keys, new { }).ShouldBeAsync(409, "keys-too-many");
    }

    [Fact]
    public async Task A_range_is_set_changed_listed_and_ended()
    {
        TestParty carrier = await host.NewPartyAsync("carrier");
        TestParty other = await host.NewPartyAsync("carrier");
        TestBlock block = ApiHost.NewBlock();
        var range = new { carrier = carrier.Id, from = block.From, to = block.To, trackedSince = "2020-01-01" };

        await host.Operator.PostAsync("/v1/ranges", range).ShouldBeAsync(201);
        await host.Operator.PostAsync("/v1/ranges", range).ShouldBeAsync(200);
        await host.Operator.PostAsync("/v1/ranges", range with { trackedSince = "2021-01-01" }).ShouldBeAsync(201);
        await host.Operator.PostAsync("/v1/ranges", range with { carrier = other.Id }).ShouldBeAsync(409, "range-overlaps");
        Received own = await carrier.GetAsync("/v1/ranges").ShouldBeAsync(200);
        Received others = await other.GetAsync("/v1/ranges").ShouldBeAsync(200);
        await host.Operator.PostAsync("/v1/ranges/end", new { carrier = carrier.Id, from = block.From, to = block.To })
            .ShouldBeAsync(200);
        Received ended = await carrier.GetAsync("/v1/ranges").ShouldBeAsync(200);

        Assert.Equal(
            $$"""{"ranges":[{"carrier":"{{carrier.Id}}","from":"{{block.From}}","to":"{{block.To}}","trackedSince":"2021-01-01"}]}""",
            own.Body);
        Assert.Equal("""{"ranges":[]}""", others.Body);
        Assert.Equal("""{"ranges":[]}""", ended.Body);
    }

    [Theory]
    [InlineData("+8613800000001", "+8613800009999", "range-not-thousands", "/from")]
    [InlineData("+8613800000000", "+8613800009998", "range-not-thousands", "/to")]
    [InlineData("+8613800010000", "+8613800009999", "range-reversed", "/to")]
    [InlineData("+861380000000", "+8613800009999", "range-lengths-differ", "/to")]
    [InlineData("+8613800000000", "+8613810000999", "range-too-large", "/to")]
    public async Task A_range_is_whole_thousands_of_one_length_and_not_too_many(
        string from, string to, string code, string pointer)
    {
        Received refused = await host.Operator.PostAsync(
            "/v1/ranges", new { carrier = "demo-carrier", from, to, trackedSince = "2020-01-01" })
            .ShouldBeAsync(422, code);

        Assert.Equal([pointer], refused.Pointers);
    }

    [Fact]
    public async Task A_range_needs_a_registered_carrier_and_a_day_of_the_calendar()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        TestBlock block = ApiHost.NewBlock();
        object Range(string carrier, string day) =>
            new { carrier, from = block.From, to = block.To, trackedSince = day };

        await host.Operator.PostAsync("/v1/ranges", Range("nobody", "2020-01-01")).ShouldBeAsync(422, "party-unknown");
        await host.Operator.PostAsync("/v1/ranges", Range(lender.Id, "2020-01-01")).ShouldBeAsync(422, "party-of-other-role");
        await host.Operator.PostAsync("/v1/ranges", Range("demo-carrier", "1949-12-31")).ShouldBeAsync(422, "tracked-since-out-of-range");
        await host.Operator.PostAsync("/v1/ranges", Range("demo-carrier", "9999-12-31")).ShouldBeAsync(422, "tracked-since-out-of-range");
        await host.Operator.PostAsync("/v1/ranges", Range("demo-carrier", "2020-1-1")).ShouldBeAsync(400, "day-malformed");
    }
}
