namespace NumberLedger.Grains.Tests;

/// <summary>
/// Two silos that do not hear each other both answer: neither may forget what the other acknowledged.
/// </summary>
public sealed class PartitionTests(TwoClusters sides) : IClassFixture<TwoClusters>
{
    private const int RefusalsEach = 15;

    private readonly Caller _here = sides.Callers[0];
    private readonly Caller _there = sides.Callers[1];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What ends a binding's life: acknowledged by one side, it holds on the other.</summary>
    public static TheoryData<string> Ends => ["opt-out", "disconnect", "reassignment", "release", "range"];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task What_one_side_acknowledged_the_other_never_allows_afterwards(string end)
    {
        NumberBlock block = The.NewBlock();
        for (int i = 0; i < 20; i++)
        {
            PhoneNumber number = await _here.BoundNumberAsync(block, i);
            // Both have it in memory: this is what must not be believed.
            Assert.Equal(Verdict.Allow, (await _there.CheckAsync(number)).Verdict);
            Assert.Equal(Verdict.Allow, (await _here.CheckAsync(number)).Verdict);

            (Caller one, Caller other) = i % 2 == 0 ? (_here, _there) : (_there, _here);
            await AskUntilAcknowledgedAsync(other, number, EndAsync(one, number, end));

            Assert.NotEqual(Verdict.Allow, (await other.CheckAsync(number)).Verdict);
            Assert.NotEqual(Verdict.Allow, (await one.CheckAsync(number)).Verdict);
        }
    }

    [Fact]
    public async Task Writers_on_both_sides_of_the_same_numbers_lose_nothing_and_double_nothing()
    {
        NumberBlock block = The.NewBlock();
        PhoneNumber[] numbers = [await _here.BoundNumberAsync(block, 1), await _here.BoundNumberAsync(block, 2)];

        await Task.WhenAll(
            from caller in (Caller[])[_here, _there]
            from number in numbers
            from writer in (int[])[0, 1]
            select RefuseAsync(caller, number, lender: caller == _here ? $"here-{writer}" : $"there-{writer}"));

        foreach (PhoneNumber number in numbers)
        {
            HistoryEntry[] history = await _here.HistoryAsync(number);
            HistoryEntry[] there = await _there.HistoryAsync(number);
            Assert.Equal(history.Select(entry => entry.Version), there.Select(entry => entry.Version));
            var refused = history.Select(entry => EntryCodec.Decode(entry.Content!).Event)
                .OfType<LedgerEvent.OptedOut>().ToList();
            Assert.Equal(4 * RefusalsEach, refused.Count);
            Assert.Equal(refused.Count, refused.Distinct().Count());
        }
    }

    [Fact]
    public async Task A_key_revoked_on_one_silo_opens_nothing_on_any_other()
    {
        IRegistryGrain registry = _there.Grains.Registry();
        IRegistryReader[] readers =
        [
            sides.Clusters[1].Service<IRegistryReader>(0), sides.Clusters[1].Service<IRegistryReader>(1),
            sides.Clusters[0].Service<IRegistryReader>(),
        ];
        await registry.RegisterPartyAsync(new(new("acme", "ACME", PartyRole.Lender), null), Ct);
        for (int i = 0; i < 20; i++)
        {
            string key = $"key-{i}";
            await registry.AddKeyAsync(new(new(key, "acme", default, new([Scopes.CheckNumbers])), null), Ct);
            foreach (IRegistryReader reader in readers)
            {
                Assert.Null((await reader.ReadAsync(Ct)).Keys[key].RevokedAt);
            }

            IRegistryGrain revoking = i % 2 == 0 ? registry : _here.Grains.Registry();
            CommandReply revoked = await revoking.RevokeKeyAsync(new("acme", key, null), Ct);

            Assert.Equal(CommandOutcome.Recorded, revoked.Outcome);
            foreach (IRegistryReader reader in readers)
            {
                Assert.NotNull((await reader.ReadAsync(Ct)).Keys[key].RevokedAt);
            }
        }
    }

    private static async Task RefuseAsync(Caller caller, PhoneNumber number, string lender)
    {
        for (int i = 0; i < RefusalsEach; i++)
        {
            LedgerEvent.OptedOut refusal = The.OptedOut(lender, The.Refusal.AddDays(i));
            OptOutReply reply = await Again.UntilAnsweredAsync(
                command => caller.OptOutAsync(number, refusal, command));
            Assert.Equal(CommandOutcome.Recorded, reply.Outcome);
        }
    }

    /// <summary>Asks without pause; whatever is asked after the acknowledgement is not allowed.</summary>
    private static async Task AskUntilAcknowledgedAsync(Caller caller, PhoneNumber number, Task acknowledgement)
    {
        bool acknowledged;
        do
        {
            acknowledged = acknowledgement.IsCompleted;
            Verdict verdict = (await caller.CheckAsync(number)).Verdict;
            Assert.False(acknowledged && verdict is Verdict.Allow, "A wrong allow.");
        }
        while (!acknowledged);
        await acknowledgement;
    }

    private static async Task EndAsync(Caller caller, PhoneNumber number, string end)
    {
        NumberBlock block = NumberBlock.Of(number);
        Task<CommandOutcome> ending = end switch
        {
            "opt-out" => OptOutAsync(),
            "release" => OutcomeOf(caller.ReleaseAsync(number)),
            "disconnect" => ReportAsync(CarrierEventKind.Disconnected),
            "reassignment" => ReportAsync(CarrierEventKind.Reassigned),
            _ => OutcomeOf(caller.Grains.Block(block).EndRangeAsync(new(The.Carrier, 0, 9), Ct)),
        };
        Assert.Equal(CommandOutcome.Recorded, await ending);

        async Task<CommandOutcome> OptOutAsync() => (await caller.OptOutAsync(number)).Outcome;

        async Task<CommandOutcome> ReportAsync(CarrierEventKind kind) =>
            (await caller.ReportAsync(number, The.Report(kind, "e1"))).Outcome;

        static async Task<CommandOutcome> OutcomeOf(Task<CommandReply> replying) => (await replying).Outcome;
    }
}
