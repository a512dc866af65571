using System.Collections.Concurrent;
using NumberLedger.Api.Tests.Hosting;
using NumberLedger.Api.Tests.Stories;
using NumberLedger.Testing;

namespace NumberLedger.Api.Tests.Idempotency;

/// <summary>A store that fails or hangs: nothing is known, so nothing is allowed, and nothing is done twice.</summary>
public sealed class StoreInTroubleTests(FaultyHost host) : IClassFixture<FaultyHost>, IAsyncDisposable
{
    private static readonly StoreOperation[] AllButHeads =
        [.. Enum.GetValues<StoreOperation>().Where(operation => operation is not StoreOperation.Heads)];

    public async ValueTask DisposeAsync()
    {
        host.Store.Heal();
        // As long as a read of heads still hangs, whoever asks is told so.
        while ((await host.Operator.GetAsync("/v1/parties")).Status == 503)
        {
            await Task.Delay(20, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_check_without_a_head_is_503_and_never_an_allow()
    {
        (TestParty lender, string number) = await BoundAsync();
        var check = new { number, purpose = "marketing" };
        await lender.PostAsync("/v1/checks", check).ShouldBeAsync(200);

        host.Store.BeforeEach(StoreOperation.Heads, Testing.Faults.Unavailable);
        Received one = await lender.PostAsync("/v1/checks", check);
        Received many = await lender.PostAsync("/v1/checks/batch", new { checks = new[] { check } });
        host.Store.Heal();
        Received healed = await lender.PostAsync("/v1/checks", check).ShouldBeAsync(200);

        Assert.All([one, many], AssertUnavailable);
        Assert.Equal("allow", healed.Text("verdict"));
        Assert.Contains(
            host.Logs.Lines, line => line.TrimEnd().EndsWith(
                "The store cannot be used now. Failed, as the test asked.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_check_takes_one_read_of_heads_for_its_credential_and_its_block()
    {
        (TestParty lender, string number) = await BoundAsync();
        var reads = new ConcurrentQueue<NumberBlock[]>();
        NumberBlock block = NumberBlock.Of(PhoneNumber.Parse(number));

        host.Store.ReadsHeads = blocks => reads.Enqueue([.. blocks]);
        Received check = await lender.PostAsync("/v1/checks", new { number, purpose = "marketing" });
        host.Store.ReadsHeads = null;

        Assert.Equal("allow", check.Text("verdict"));
        Assert.Contains(NumberBlock.Registry, Assert.Single(reads, one => one.Contains(block)));
    }

    [Fact]
    public async Task A_head_that_does_not_come_in_time_is_503()
    {
        (TestParty lender, string number) = await BoundAsync();

        host.Store.BeforeEach(StoreOperation.Heads, Testing.Faults.HangDeaf);
        Received check = await lender.PostAsync("/v1/checks", new { number, purpose = "marketing" });

        AssertUnavailable(check);
        Assert.Equal("The store did not answer in time.", check.Text("detail"));
    }

    /// <summary>The caller is let in by the last head that can be read; from then on the store is gone.</summary>
    [Fact]
    public async Task Without_the_store_every_operation_is_503()
    {
        (TestParty lender, string number) = await BoundAsync();
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        TestParty its = host.Operator;
        object binding = LenderStoryTests.BindingOf(number, Moments.NoonDaysAgo(1));
        var happened = new { eventId = "e", kind = "suspended", number = block[1], effectiveOn = Moments.DaysAgo(1) };
        (TestParty By, string Path, object? Body)[] calls =
        [
            (lender, "/v1/checks", new { number, purpose = "marketing" }),
            (lender, "/v1/checks/batch", new { checks = new[] { new { number, purpose = "marketing" } } }),
            (lender, "/v1/bindings", binding),
            (lender, "/v1/bindings", null),
            (lender, "/v1/bindings/batch", new { bindings = new[] { binding } }),
            (lender, "/v1/bindings/release", new { number }),
            (lender, "/v1/opt-outs", new { number, scope = "lender" }),
            (lender, "/v1/numbers/history", new { number }),
            (carrier, "/v1/carrier-events", new { events = new[] { happened } }),
            (its, "/v1/parties", new { id = "never-registered", name = "Never", role = "lender" }),
            (its, "/v1/parties", null),
            (its, $"/v1/parties/{lender.Id}/keys", new { }),
            (its, $"/v1/parties/{lender.Id}/keys", null),
            (its, "/v1/ranges", new
            {
                carrier = carrier.Id, from = block.From, to = block.To, trackedSince = "2021-01-01",
            }),
            (its, "/v1/ranges/end", new { carrier = carrier.Id, from = block.From, to = block.To }),
            (its, "/v1/ranges", null),
        ];

        foreach ((TestParty by, string path, object? body) in calls)
        {
            int heads = 0;
            host.Store.BeforeEach(
                StoreOperation.Heads,
                token => ++heads == 1 ? Task.CompletedTask : Testing.Faults.Unavailable(token));
            foreach (StoreOperation operation in AllButHeads)
            {
                host.Store.BeforeEach(operation, Testing.Faults.Unavailable);
            }

            Received answer = body is null ? await by.GetAsync(path) : await by.PostAsync(path, body);
            host.Store.Heal();

            Assert.True(answer.Status == 503, $"{path}: {answer.Body}");
            AssertUnavailable(answer);
        }
    }

    [Fact]
    public async Task CAMARA_is_told_in_its_own_words()
    {
        (TestParty lender, string number) = await BoundAsync();

        host.Store.BeforeEach(StoreOperation.Heads, Testing.Faults.Unavailable);
        Received answer = await lender.PostAsync(
            "/number-recycling/v0.2/check", new { phoneNumber = number, specifiedDate = Moments.DaysAgo(9) });

        Assert.Equal((503, "UNAVAILABLE"), (answer.Status, answer.Code));
        Assert.Equal("1", answer.Headers.RetryAfter?.ToString());
        Assert.True(answer.Headers.Contains("x-correlator"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_of_unknown_outcome_is_sent_again_with_its_key_and_recorded_once(bool stored)
    {
        (TestParty lender, string number) = await BoundAsync();
        var optOut = new { number, scope = "lender" };
        string key = IdempotencyTests.NewKey();

        if (stored) host.Store.AfterNext(StoreOperation.Append, Testing.Faults.Unavailable);
        else host.Store.BeforeNext(StoreOperation.Append, Testing.Faults.Unavailable);
        Received failed = await lender.PostAsync("/v1/opt-outs", optOut, key);
        Received again = await lender.PostAsync("/v1/opt-outs", optOut, key).ShouldBeAsync(201);
        Received third = await lender.PostAsync("/v1/opt-outs", optOut, key).ShouldBeAsync(201);

        AssertUnavailable(failed);
        IdempotencyTests.AssertReplayed(again, third);
        Assert.Equal(["bound", "opted_out"], await KindsAsync(lender, number));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_of_unknown_outcome_is_sent_again_whole_and_recorded_once(bool stored)
    {
        (TestParty carrier, TestBlock block) = await host.NewCarrierAsync();
        var batch = new
        {
            events = Enumerable.Range(0, 40).Select(i => new
            {
                eventId = $"e{i}",
                kind = "suspended",
                number = block[i / 2],
                effectiveOn = Moments.DaysAgo(i % 2),
            }),
        };
        string key = IdempotencyTests.NewKey();

        if (stored) host.Store.AfterNext(StoreOperation.Append, Testing.Faults.Unavailable);
        else host.Store.BeforeNext(StoreOperation.Append, Testing.Faults.Unavailable);
        Received failed = await carrier.PostAsync("/v1/carrier-events", batch, key);
        await carrier.PostAsync("/v1/carrier-events", batch, key).ShouldBeAsync(200);

        AssertUnavailable(failed);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(["suspended", "suspended"], await KindsAsync(carrier, block[i]));
        }
    }

    [Fact]
    public async Task A_key_that_cannot_be_claimed_lets_nothing_happen()
    {
        (TestParty lender, string number) = await BoundAsync();
        var optOut = new { number, scope = "lender" };
        string key = IdempotencyTests.NewKey();

        host.Store.BeforeNext(StoreOperation.Claim, Testing.Faults.Unavailable);
        Received failed = await lender.PostAsync("/v1/opt-outs", optOut, key);
        string[] kinds = await KindsAsync(lender, number);
        await lender.PostAsync("/v1/opt-outs", optOut, key).ShouldBeAsync(201);

        AssertUnavailable(failed);
        Assert.Equal(["bound"], kinds);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_kept_is_given_all_the_same()
    {
        (TestParty lender, string number) = await BoundAsync();
        var optOut = new { number, scope = "lender" };
        string key = IdempotencyTests.NewKey();

        host.Store.BeforeNext(StoreOperation.Answer, Testing.Faults.Unavailable);
        Received first = await lender.PostAsync("/v1/opt-outs", optOut, key).ShouldBeAsync(201);
        Received again = await lender.PostAsync("/v1/opt-outs", optOut, key).ShouldBeAsync(201);

        Assert.Equal(first.Body, again.Body);
        Assert.Equal(["bound", "opted_out"], await KindsAsync(lender, number));
    }

    [Fact]
    public async Task A_binding_that_was_released_meanwhile_is_said_to_be_when_its_request_runs_again()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        object binding = LenderStoryTests.BindingOf(block[1], Moments.NoonDaysAgo(9));
        string key = IdempotencyTests.NewKey();

        host.Store.BeforeNext(StoreOperation.Answer, Testing.Faults.Unavailable);
        Received first = await lender.PostAsync("/v1/bindings", binding, key).ShouldBeAsync(201);
        await lender.PostAsync("/v1/bindings/release", new { number = block[1] }).ShouldBeAsync(200);
        Received again = await lender.PostAsync("/v1/bindings", binding, key).ShouldBeAsync(201);

        Assert.Equal(("active", "released"), (first.Text("status"), again.Text("status")));
        Assert.Equal(["bound", "released"], await KindsAsync(lender, block[1]));
    }

    [Fact]
    public async Task A_key_that_was_forgotten_and_is_used_again_is_another_command()
    {
        (TestParty lender, string number) = await BoundAsync();
        string key = IdempotencyTests.NewKey();
        var marketing = new { number, scope = "lender", purposes = new[] { "marketing" } };
        var everything = new { number, scope = "lender" };

        await lender.PostAsync("/v1/opt-outs", marketing, key).ShouldBeAsync(201);
        host.Store.ForgetClaims();
        await lender.PostAsync("/v1/opt-outs", everything, key).ShouldBeAsync(201);

        Received check = await lender.PostAsync("/v1/checks", new { number, purpose = "servicing" }).ShouldBeAsync(200);
        Assert.Equal("opted_out", check.Text("reasons/0"));
    }

    [Fact]
    public async Task A_key_that_was_forgotten_revokes_what_it_says_and_not_what_it_once_said()
    {
        TestParty lender = await host.NewPartyAsync("lender");
        string key = IdempotencyTests.NewKey();

        Received made = await host.Operator.PostAsync($"/v1/parties/{lender.Id}/keys", new { }, key).ShouldBeAsync(201);
        host.Store.ForgetClaims();
        await host.Operator.DeleteAsync($"/v1/parties/{lender.Id}/keys/{made.Text("keyId")}", key).ShouldBeAsync(204);

        await host.PartyOf(lender.Id, made.Text("key"))
            .PostAsync("/v1/checks", new { number = "+8613800001234", purpose = "servicing" }).ShouldBeAsync(401);
    }

    [Fact]
    public async Task While_the_first_request_runs_the_second_is_told_to_wait()
    {
        (TestParty lender, string number) = await BoundAsync();
        var optOut = new { number, scope = "lender" };
        string key = IdempotencyTests.NewKey();
        var begun = new TaskCompletionSource();
        var gate = new TaskCompletionSource();

        host.Store.BeforeNext(StoreOperation.Append, async _ =>
        {
            begun.SetResult();
            await gate.Task;
        });
        Task<Received> running = lender.PostAsync("/v1/opt-outs", optOut, key);
        await begun.Task;
        Received second = await lender.PostAsync("/v1/opt-outs", optOut, key)
            .ShouldBeAsync(409, "idempotency-key-in-use");
        await lender.PostAsync("/v1/opt-outs", new { number, scope = "everyone" }, key)
            .ShouldBeAsync(422, "idempotency-key-reused");
        gate.SetResult();
        Received first = await running.ShouldBeAsync(201);
        Received third = await lender.PostAsync("/v1/opt-outs", optOut, key).ShouldBeAsync(201);

        Assert.Equal("1", second.Headers.RetryAfter?.ToString());
        IdempotencyTests.AssertReplayed(first, third);
    }

    [Fact]
    public async Task One_party_cannot_keep_the_others_waiting()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        TestParty other = await host.NewPartyAsync("lender");
        var gate = new TaskCompletionSource();

        // Who was let in is counted from then on, and only then asked for its body, which does not come yet.
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan };
        using var patient = new HttpClient(handler) { BaseAddress = lender.Client.BaseAddress };
        patient.DefaultRequestHeaders.Authorization = lender.Client.DefaultRequestHeaders.Authorization;
        patient.DefaultRequestHeaders.ExpectContinue = true;
        Held[] held = await Task.WhenAll(
            Enumerable.Range(0, Limits.InFlightPerPartyMax).Select(i => HoldAsync(block[i])));
        Received tooMany = await AskAsync();
        Received camara = await AnsweredAsync(() => lender.PostAsync(
            "/number-recycling/v0.2/check", new { phoneNumber = block[1], specifiedDate = Moments.DaysAgo(9) }));
        Received others = await AnsweredAsync(
            () => other.PostAsync("/v1/checks", new { number = block[1], purpose = "marketing" }));
        gate.SetResult();
        Received[] ended = await Task.WhenAll(held.Select(one => one.Answer));
        Received after = await AskAsync();

        Assert.Equal((429, "too-many-in-flight"), (tooMany.Status, tooMany.Code));
        Assert.Equal((429, "TOO_MANY_REQUESTS"), (camara.Status, camara.Code));
        Assert.All([tooMany, camara], answer => Assert.Equal("1", answer.Headers.RetryAfter?.ToString()));
        Assert.All([others, after], answer => Assert.Equal(200, answer.Status));
        Assert.All(ended.Where(answer => answer.Status != 201), AssertUnavailable);

        Task<Received> AskAsync() => AnsweredAsync(
            () => lender.PostAsync("/v1/checks", new { number = block[1], purpose = "marketing" }));

        // On a busy machine some of so many at once find the ledger unavailable: they hold no place, and come again.
        async Task<Held> HoldAsync(string number)
        {
            while (true)
            {
                var body = new HeldContent($$"""{"number":"{{number}}","scope":"lender"}""", gate.Task);
                Task<Received> answer = patient.SendContentAsync("/v1/opt-outs", body);
                if (await Task.WhenAny(body.Asked, answer) == body.Asked) return new(answer);

                AssertUnavailable(await answer);
            }
        }
    }

    /// <summary>Of a request that was let in and not yet answered.</summary>
    private sealed record Held(Task<Received> Answer);

    private static async Task<Received> AnsweredAsync(Func<Task<Received>> ask)
    {
        Received answer;
        do answer = await ask();
        while (answer.Status == 503);
        return answer;
    }

    private static void AssertUnavailable(Received answer)
    {
        Assert.Equal((503, "ledger-unavailable"), (answer.Status, answer.Code));
        Assert.Equal("1", answer.Headers.RetryAfter?.ToString());
        Assert.DoesNotContain("verdict", answer.Body, StringComparison.Ordinal);
    }

    private static async Task<string[]> KindsAsync(TestParty party, string number)
    {
        Received history = await party.PostAsync("/v1/numbers/history", new { number }).ShouldBeAsync(200);
        return [.. history.Json["entries"]!.AsArray().Select(entry => (string)entry!["kind"]!)];
    }

    /// <summary>A lender, and a number that it may text.</summary>
    private async Task<(TestParty Lender, string Number)> BoundAsync()
    {
        (_, TestBlock block) = await host.NewCarrierAsync();
        TestParty lender = await host.NewPartyAsync("lender");
        await lender.PostAsync("/v1/bindings", LenderStoryTests.BindingOf(block[1], Moments.NoonDaysAgo(9)))
            .ShouldBeAsync(201);
        return (lender, block[1]);
    }
}
