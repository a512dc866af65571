using System.Text.Json.Nodes;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Api.Tests.Stories;

namespace NumberLedger.Api.Tests.Http;

/// <summary>
/// Of a batch, what cannot be read at all is refused as a whole; what is wrong with the values of one item is told in
/// its place.
/// </summary>
public sealed class BatchTests(ApiHost host)
{
    [Theory]
    [InlineData("\"effectiveOn\":20260301", "type-wrong", "/events/3/effectiveOn")]
    [InlineData("\"effectiveOn\":\"2026-03-01\",\"effectiveAt\":1", "member-unknown", "/events/3/effectiveAt")]
    [InlineData("\"effectiveOn\":\"2026-03-01\",\"kind\":\"suspended\"", "member-duplicated", "/events/3/kind")]
    public async Task An_item_of_another_shape_refuses_the_whole_batch_and_is_named(
        string members, string code, string pointer)
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        string Event(int i, string rest) =>
            $$"""{"eventId":"{{i}}","kind":"suspended","number":"{{block[i]}}",{{rest}}}""";
        string[] events =
        [
            .. Enumerable.Range(0, 3).Select(i => Event(i, "\"effectiveOn\":\"2026-03-01\"")), Event(3, members),
        ];

        Received refused = await carrier
            .PostTextAsync("/v1/carrier-events", $$"""{"events":[{{string.Join(",", events)}}]}""")
            .ShouldBeAsync(400, code);
        Received history = await carrier.PostAsync("/v1/numbers/history", new { number = block[0] }).ShouldBeAsync(200);

        Assert.Equal([pointer], refused.Pointers);
        Assert.Empty(history.Json["entries"]!.AsArray());
    }

    [Fact]
    public async Task An_item_that_is_no_object_refuses_the_whole_batch_and_is_named()
    {
        TestParty lender = await host.NewPartyAsync("lender");

        Received refused = await lender.PostTextAsync("/v1/checks/batch", """{"checks":[[],{},"x"]}""")
            .ShouldBeAsync(400, "type-wrong");

        Assert.Equal(["/checks/0", "/checks/2"], refused.Pointers);
    }

    [Fact]
    public async Task A_check_that_cannot_be_asked_has_a_problem_in_its_place()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        object[] checks =
        [
            new { number = block[1], purpose = "marketing" },
            new { number = "+8613", purpose = "marketing" },
            new { number = block[1], purpose = "dunning" },
            new { number = block[1], purpose = "marketing", consentedOn = Moments.DaysAgo(-2) },
            new { number = block[1], purpose = "marketing", consentedOn = "1949-12-31" },
            new { number = block[1], purpose = "marketing", onBehalfOf = "another" },
            new { number = block[1] },
            new { number = block[2], purpose = "servicing" },
        ];

        Received answer = await lender.PostAsync("/v1/checks/batch", new { checks }).ShouldBeAsync(200);

        Assert.Equal(
            [
                "deny", "/checks/1/number number-too-short 422", "/checks/2/purpose value-unknown 400",
                "/checks/3/consentedOn consent-in-future 422", "/checks/4/consentedOn consent-too-early 422",
                "/checks/5/onBehalfOf not-granted 403", "/checks/6/purpose member-required 400", "deny",
            ],
            answer.Json["results"]!.AsArray().Select(DescriptionOf));
    }

    [Fact]
    public async Task A_binding_that_cannot_be_recorded_has_a_problem_in_its_place_and_spares_the_others()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        object[] bindings =
        [
            LenderStoryTests.BindingOf(block[1], Moments.NoonDaysAgo(9)),
            LenderStoryTests.BindingOf(block[1], Moments.NoonDaysAgo(10)),
            LenderStoryTests.BindingOf(block[2], "yesterday"),
            LenderStoryTests.BindingOf(block[2], Moments.NoonDaysAgo(-2)),
            LenderStoryTests.BindingOf("+0123456789", Moments.NoonDaysAgo(9)),
            LenderStoryTests.BindingOf(block[3], Moments.NoonDaysAgo(9)),
        ];

        Received answer = await lender.PostAsync("/v1/bindings/batch", new { bindings }).ShouldBeAsync(200);

        Assert.Equal(
            [
                "active", "consent-older 409", "/bindings/2/consentedAt instant-malformed 400", "consent-in-future 422",
                "/bindings/4/number number-unknown-calling-code 422", "active",
            ],
            answer.Json["results"]!.AsArray().Select(DescriptionOf));
    }

    [Fact]
    public async Task A_thousand_bindings_are_taken_at_once_and_one_more_is_not()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        object Batch(int count) => new
        {
            bindings = Enumerable.Range(0, count)
                .Select(i => LenderStoryTests.BindingOf(block[i], Moments.NoonDaysAgo(9))),
        };

        Received thousand = await lender.PostAsync("/v1/bindings/batch", Batch(1_000)).ShouldBeAsync(200);
        Received more = await lender.PostAsync("/v1/bindings/batch", Batch(1_001)).ShouldBeAsync(400, "list-too-long");
        await lender.PostAsync("/v1/bindings/batch", Batch(0)).ShouldBeAsync(400, "list-empty");

        Assert.All(thousand.Json["results"]!.AsArray(), result => Assert.Equal("active", (string)result!["status"]!));
        Assert.Equal(["/bindings"], more.Pointers);
        Assert.Equal("From 1 to 1000 items.", more.Text("detail"));
    }

    [Fact]
    public async Task Ten_thousand_checks_are_answered_at_once_in_order_and_one_more_is_not()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        (_, TestBlock other) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        string NumberAt(int i) => (i % 2 == 0 ? block : other)[i / 2];
        await lender.PostAsync("/v1/bindings", LenderStoryTests.BindingOf(NumberAt(7_001), Moments.NoonDaysAgo(9)))
            .ShouldBeAsync(201);
        object Batch(int count) => new
        {
            checks = Enumerable.Range(0, count).Select(i => new { number = NumberAt(i), purpose = "marketing" }),
        };

        Received all = await lender.PostAsync("/v1/checks/batch", Batch(10_000)).ShouldBeAsync(200);
        Received more = await lender.PostAsync("/v1/checks/batch", Batch(10_001)).ShouldBeAsync(400, "list-too-long");
        await lender.PostAsync("/v1/checks/batch", Batch(0)).ShouldBeAsync(400, "list-empty");

        JsonArray results = all.Json["results"]!.AsArray();
        Assert.Equal(10_000, results.Count);
        Assert.Equal("allow", (string)results[7_001]!["verdict"]!);
        Assert.Equal(9_999, results.Count(result => result!["reasons"]!.ToJsonString() == "[\"no_binding\"]"));
        Assert.Equal([block.Key.ToString(), other.Key.ToString()], results.Take(2).Select(
            result => (string)result!["asOf"]!["block"]!));
        Assert.Equal(["/checks"], more.Pointers);
        Assert.Equal("From 1 to 10000 items.", more.Text("detail"));
    }

    private static string DescriptionOf(JsonNode? result) => result!["problem"] is { } problem
        ? $"{problem["errors"]?[0]!["pointer"]} {problem["code"]} {problem["status"]}".TrimStart()
        : (string?)result["verdict"] ?? (string)result["status"]!;
}
