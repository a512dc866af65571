using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Api.Tests.Stories;

namespace NumberLedger.Api.Tests.Idempotency;

/// <summary>A write with an idempotency key happens once, and is answered the same ever after.</summary>
public sealed class IdempotencyTests(ApiHost host)
{
    [Fact]
    public async Task Every_write_is_answered_again_as_it_was_the_first_time()
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        TestBlock free = ApiHost.NewBlock();
        object binding = LenderStoryTests.BindingOf(block[1], Moments.NoonDaysAgo(9));
        (TestParty By, string Path, object Body, int Status)[] writes =
        [
            (lender, "/v1/bindings", binding, 201),
            (lender, "/v1/bindings", LenderStoryTests.BindingOf(block[1], Moments.NoonDaysAgo(10)), 409),
            (lender, "/v1/bindings/batch", new { bindings = new[] { binding } }, 200),
            (lender, "/v1/bindings/release", new { number = block[1] }, 200),
            (lender, "/v1/bindings/release", new { number = block[2] }, 404),
            (lender, "/v1/opt-outs", new { number = block[1], scope = "lender" }, 201),
            (carrier, "/v1/carrier-events", new
            {
                events = new[]
                {
                    new { eventId = "e", kind = "suspended", number = block[1], effectiveOn = Moments.DaysAgo(1) },
                },
            }, 200),
            (host.Operator, "/v1/parties", new { id = $"once-{block.Key}", name = "Once", role = "lender" }, 201),
            (host.Operator, $"/v1/parties/{lender.Id}/keys", new { }, 201),
            (host.Operator, "/v1/ranges", new
            {
                carrier = carrier.Id, from = free.From, to = free.To, trackedSince = "2020-01-01",
            }, 201),
            (host.Operator, "/v1/ranges/end", new { carrier = carrier.Id, from = free.From, to = free.To }, 200),
        ];

        foreach ((TestParty by, string path, object body, int status) in writes)
        {
            string key = NewKey();

            Received first = await by.PostAsync(path, body, key).ShouldBeAsync(status);
            Received again = await by.PostAsync(path, body, key).ShouldBeAsync(status);

            AssertReplayed(first, again);
            Assert.Equal(first.ContentType, again.ContentType);
        }
    }

    [Fact]
    public async Task A_revocation_is_answered_again_too()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        Received made = await host.Operator.PostAsync($"/v1/parties/{lender.Id}/keys", new { }).ShouldBeAsync(201);
        string path = $"/v1/parties/{lender.Id}/keys/{made.Text("keyId")}";
        string key = NewKey();

        Received first = await host.Operator.DeleteAsync(path, key).ShouldBeAsync(204);
        Received again = await host.Operator.DeleteAsync(path, key).ShouldBeAsync(204);

        AssertReplayed(first, again);
    }

    [Fact]
    public async Task A_replayed_answer_is_the_old_one_whatever_happened_since()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        object binding = LenderStoryTests.BindingOf(block[1], Moments.NoonDaysAgo(9));
        string key = NewKey();

        Received first = await lender.PostAsync("/v1/bindings", binding, key).ShouldBeAsync(201);
        await lender.PostAsync("/v1/bindings/release", new { number = block[1] }).ShouldBeAsync(200);
        Received again = await lender.PostAsync("/v1/bindings", binding, key).ShouldBeAsync(201);
        Received check = await lender.PostAsync("/v1/checks", new { number = block[1], purpose = "marketing" });

        AssertReplayed(first, again);
        Assert.Equal("released", check.Text("reasons/0"));
    }

    [Fact]
    public async Task A_repeated_request_for_a_key_is_told_the_same_secret_once_recorded()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        string keys = $"/v1/parties/{lender.Id}/keys";
        string key = NewKey();

        Received first = await host.Operator.PostAsync(keys, new { }, key).ShouldBeAsync(201);
        Received again = await host.Operator.PostAsync(keys, new { }, key).ShouldBeAsync(201);
        Received listed = await host.Operator.GetAsync(keys).ShouldBeAsync(200);

        Assert.Equal(first.Text("key"), again.Text("key"));
        Assert.All([first, again], answer => Assert.Equal("no-store", answer.Headers.CacheControl?.ToString()));
        Assert.Equal(2, listed.Json["keys"]!.AsArray().Count);
    }

    [Fact]
    public async Task Another_request_with_the_same_key_is_refused()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        string key = NewKey();
        string number = block[1];
        await lender.PostAsync("/v1/opt-outs", new { number, scope = "lender" }, key).ShouldBeAsync(201);

        await lender.PostAsync("/v1/opt-outs", new { number = block[2], scope = "lender" }, key)
            .ShouldBeAsync(422, "idempotency-key-reused");
        await lender.PostAsync("/v1/opt-outs?region=CN", new { number, scope = "lender" }, key)
            .ShouldBeAsync(422, "idempotency-key-reused");
        await lender.PostTextAsync("/v1/opt-outs", $$"""{"scope":"lender","number":"{{number}}"}""", key)
            .ShouldBeAsync(422, "idempotency-key-reused");
        await lender.PostAsync("/v1/bindings/release", new { number }, key)
            .ShouldBeAsync(422, "idempotency-key-reused");
        Received history = await lender.PostAsync("/v1/numbers/history", new { number = block[2] }).ShouldBeAsync(200);

        Assert.Empty(history.Json["entries"]!.AsArray());
    }

    [Fact]
    public async Task A_key_belongs_to_its_tenant()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        TestParty other = await host.NewPartyAsync("lender");
        string key = NewKey();

        await lender.PostAsync("/v1/opt-outs", new { number = block[1], scope = "lender" }, key).ShouldBeAsync(201);
        Received others = await other.PostAsync("/v1/opt-outs", new { number = block[2], scope = "lender" }, key)
            .ShouldBeAsync(201);

        Assert.Equal(other.Id, others.Text("lender"));
        Assert.False(others.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task What_was_not_well_formed_leaves_the_key_free()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        string number = ApiHost.NewBlock()[1];
        string key = NewKey();

        await lender.PostTextAsync("/v1/opt-outs", "{", key).ShouldBeAsync(400, "body-malformed");
        await lender.PostAsync("/v1/opt-outs", new { number = "+86", scope = "lender" }, key).ShouldBeAsync(422);
        Received taken = await lender.PostAsync("/v1/opt-outs", new { number, scope = "lender" }, key)
            .ShouldBeAsync(201);

        Assert.False(taken.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_key_has_1_to_255_printable_ASCII_characters()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        var optOut = new { number = ApiHost.NewBlock()[1], scope = "lender" };

        await lender.PostAsync("/v1/opt-outs", optOut, new string('k', 255)).ShouldBeAsync(201);
        await lender.PostAsync("/v1/opt-outs", optOut, "a \"quoted\" key~").ShouldBeAsync(201);
        await lender.PostAsync("/v1/opt-outs", optOut, new string('k', 256))
            .ShouldBeAsync(400, "idempotency-key-malformed");
        await lender.PostAsync("/v1/opt-outs", optOut, "").ShouldBeAsync(400, "idempotency-key-malformed");
        await lender.PostAsync("/v1/opt-outs", optOut, "tab\tinside").ShouldBeAsync(400, "idempotency-key-malformed");
    }

    [Fact]
    public async Task A_check_is_never_replayed()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        var check = new { number = block[1], purpose = "marketing" };
        var batch = new { checks = new[] { check } };
        string key = NewKey();
        await lender.PostAsync("/v1/bindings", LenderStoryTests.BindingOf(block[1], Moments.NoonDaysAgo(9)))
            .ShouldBeAsync(201);

        Received before = await lender.PostAsync("/v1/checks", check, key).ShouldBeAsync(200);
        Received batchBefore = await lender.PostAsync("/v1/checks/batch", batch, key).ShouldBeAsync(200);
        await lender.PostAsync("/v1/opt-outs", new { number = block[1], scope = "lender" }).ShouldBeAsync(201);
        Received after = await lender.PostAsync("/v1/checks", check, key).ShouldBeAsync(200);
        Received batchAfter = await lender.PostAsync("/v1/checks/batch", batch, key).ShouldBeAsync(200);

        Assert.Equal(("allow", "deny"), (before.Text("verdict"), after.Text("verdict")));
        Assert.Equal(
            ("allow", "deny"), (batchBefore.Text("results/0/verdict"), batchAfter.Text("results/0/verdict")));
        Assert.All(
            [before, batchBefore, after, batchAfter],
            answer => Assert.False(answer.Headers.Contains("Idempotency-Replayed")));
    }

    internal static string NewKey() => Guid.NewGuid().ToString();

    internal static void AssertReplayed(Received first, Received again)
    {
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
    }
}
