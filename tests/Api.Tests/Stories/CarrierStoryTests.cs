using NumberLedger.Api.Tests.Hosting;

namespace NumberLedger.Api.Tests.Stories;

/// <summary>A carrier says what happened; each event has its own result.</summary>
public sealed class CarrierStoryTests(ApiHost host)
{
    [Fact]
    public async Task Every_kind_is_recorded_and_a_repeated_event_is_a_duplicate()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        string day = Moments.DaysAgo(2);
        var events = new
        {
            events = new object[]
            {
                new { eventId = "1", kind = "suspended", number = block[1], effectiveOn = day },
                new { eventId = "2", kind = "reactivated", number = block[1], effectiveOn = day },
                new { eventId = "3", kind = "sim_changed", number = block[1], effectiveOn = day },
                new { eventId = "4", kind = "disconnected", number = block[2], effectiveOn = day },
                new { eventId = "5", kind = "reassigned", number = block[2], effectiveOn = day },
                new { eventId = "6", kind = "ported_out", number = block[3], effectiveOn = day, otherCarrier = "other" },
                new { eventId = "7", kind = "ported_in", number = ApiHost.NewBlock()[3], effectiveOn = day },
                new { eventId = "8", kind = "retracted", number = block[2], retracts = "4" },
                new { eventId = "9", kind = "feed_alive", from = block.From, to = block.To, completeThrough = day },
            },
        };

        Received first = await carrier.PostAsync("/v1/carrier-events", events).ShouldBeAsync(200);
        Received again = await carrier.PostAsync("/v1/carrier-events", events).ShouldBeAsync(200);

        Assert.All(StatusesOf(first), status => Assert.Equal("recorded", status));
        Assert.All(StatusesOf(again), status => Assert.Equal("duplicate", status));
        Assert.Equal(
            ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
            first.Json["results"]!.AsArray().Select(result => (string)result!["eventId"]!));
    }

    [Fact]
    public async Task What_is_wrong_with_one_event_is_told_in_its_place_and_spares_the_others()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        string day = Moments.DaysAgo(2);
        object[] events =
        [
            new { eventId = "ok", kind = "suspended", number = block[1], effectiveOn = day },
            new { eventId = "a", kind = "suspended", number = "+86138000", effectiveOn = day },
            new { eventId = "b", kind = "suspended", number = block[1], effectiveOn = "2026-02-30" },
            new { eventId = "c", kind = "vanished", number = block[1], effectiveOn = day },
            new { kind = "suspended", number = block[1], effectiveOn = day },
            new { eventId = "", kind = "suspended", number = block[1], effectiveOn = day },
            new { eventId = new string('x', 129), kind = "suspended", number = block[1], effectiveOn = day },
            new { eventId = "d", kind = "suspended", number = block[1] },
            new { eventId = "e", kind = "suspended", number = block[1], effectiveOn = day, retracts = "ok" },
            new { eventId = "f", kind = "retracted", number = block[1] },
            new
            {
                eventId = "g", kind = "feed_alive", number = block[1], from = block.From, to = block.To,
                completeThrough = day,
            },
            new { eventId = "h", kind = "feed_alive", from = block.To, to = block.From, completeThrough = day },
            new { eventId = "i", kind = "disconnected", number = ApiHost.NewBlock()[1], effectiveOn = day },
            new { eventId = "j", kind = "disconnected", number = block[1], effectiveOn = Moments.DaysAgo(-3) },
            new { eventId = "k", kind = "disconnected", number = block[1], effectiveOn = "1949-12-31" },
            new { eventId = "ok", kind = "reactivated", number = block[1], effectiveOn = day },
            new
            {
                eventId = "l", kind = "feed_alive", from = block.From, to = block.To,
                completeThrough = Moments.DaysAgo(-3),
            },
            new
            {
                eventId = "m", kind = "feed_alive", from = ApiHost.NewBlock().From, to = ApiHost.NewBlock().To,
                completeThrough = day,
            },
            new { eventId = "n", kind = "disconnected", number = "", effectiveOn = day },
            new { eventId = "o", kind = "ported_out", number = block[4], effectiveOn = day, otherCarrier = "" },
        ];

        Received answer = await carrier.PostAsync("/v1/carrier-events", new { events }).ShouldBeAsync(200);

        Assert.Equal(
            [
                "recorded ", "refused number-too-short", "refused day-malformed", "refused value-unknown", "refused member-required",
                "refused text-empty", "refused text-too-long", "refused member-required", "refused member-not-allowed",
                "refused member-required", "refused member-not-allowed", "refused range-reversed", "refused number-not-held",
                "refused effective-in-future", "refused effective-too-early", "refused event-id-reused",
                "refused complete-through-in-future", "refused range-not-held", "refused number-missing", "refused text-empty",
            ],
            answer.Json["results"]!.AsArray().Select(result => $"{result!["status"]} {result["code"]}"));
        Assert.All(answer.Json["results"]!.AsArray().Skip(1), result => Assert.NotEmpty((string)result!["detail"]!));
        Assert.Equal("b", answer.Text("results/2/eventId"));
        Assert.Null(answer.At("results/4/eventId"));
    }

    [Fact]
    public async Task A_thousand_events_are_taken_at_once_and_one_more_is_not()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        object[] Events(int count) =>
        [
            .. Enumerable.Range(0, count).Select(i => (object)new
            {
                eventId = $"e{i}",
                kind = "suspended",
                number = block[i % 500],
                effectiveOn = Moments.DaysAgo(2),
            }),
        ];

        Received thousand =
            await carrier.PostAsync("/v1/carrier-events", new { events = Events(1_000) }).ShouldBeAsync(200);
        Received more = await carrier.PostAsync("/v1/carrier-events", new { events = Events(1_001) })
            .ShouldBeAsync(400, "list-too-long");
        await carrier.PostAsync("/v1/carrier-events", new { events = Events(0) }).ShouldBeAsync(400, "list-empty");

        Assert.All(StatusesOf(thousand), status => Assert.Equal("recorded", status));
        Assert.Equal(["/events"], more.Pointers);
        Assert.Contains("1000", more.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_said_how_far_it_is_complete_is_told_with_checks()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        await carrier.PostAsync("/v1/carrier-events", new
        {
            events = new[]
            {
                new
                {
                    eventId = "f", kind = "feed_alive", from = block.From, to = block[4_999],
                    completeThrough = Moments.DaysAgo(1),
                },
            },
        }).ShouldBeAsync(200);

        Received check = await lender.PostAsync(
            "/v1/checks", new { number = block[77], purpose = "servicing", consentedOn = Moments.DaysAgo(9) })
            .ShouldBeAsync(200);

        Assert.Equal(Moments.DaysAgo(1), check.Text("feed/completeThrough"));
    }

    [Fact]
    public async Task A_carrier_sees_its_own_events_as_of_any_moment()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        string number = block[5];
        await lender.PostAsync("/v1/bindings", LenderStoryTests.BindingOf(number, Moments.NoonDaysAgo(9)))
            .ShouldBeAsync(201);
        await carrier.PostAsync("/v1/carrier-events", new
        {
            events = new[] { new { eventId = "e1", kind = "disconnected", number, effectiveOn = Moments.DaysAgo(3) } },
        }).ShouldBeAsync(200);

        Received own = await carrier.PostAsync("/v1/numbers/history", new { number }).ShouldBeAsync(200);
        Received lenders = await lender.PostAsync("/v1/numbers/history", new { number }).ShouldBeAsync(200);
        Received all = await host.Operator.PostAsync("/v1/numbers/history", new { number }).ShouldBeAsync(200);
        string told = own.Text("entries/0/recordedAt");
        Received then =
            await carrier.PostAsync("/v1/numbers/history", new { number, knownAt = told }).ShouldBeAsync(200);
        Received before = await carrier.PostAsync("/v1/numbers/history", new { number, knownAt = "2020-01-01T00:00:00Z" })
            .ShouldBeAsync(200);

        Assert.Equal(["disconnected"], KindsOf(own));
        Assert.Equal(carrier.Id, own.Text("entries/0/carrier"));
        Assert.Equal(Moments.DaysAgo(3), own.Text("entries/0/effectiveOn"));
        Assert.Equal(2, own.At("entries/0/version")!.GetValue<long>());
        Assert.Equal(["bound"], KindsOf(lenders));
        Assert.Equal("""["marketing","servicing"]""", lenders.At("entries/0/purposes")!.ToJsonString());
        Assert.Equal(["bound", "disconnected"], KindsOf(all));
        Assert.Equal(["disconnected"], KindsOf(then));
        Assert.Empty(KindsOf(before));
    }

    private static IEnumerable<string> StatusesOf(Received answer) =>
        answer.Json["results"]!.AsArray().Select(result => (string)result!["status"]!);

    private static IEnumerable<string> KindsOf(Received answer) =>
        answer.Json["entries"]!.AsArray().Select(entry => (string)entry!["kind"]!);
}
