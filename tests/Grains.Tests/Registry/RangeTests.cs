using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>A range lives in every block that it touches, so whatever changes it is seen by the next check.</summary>
public sealed class RangeTests(OneSilo silo) : IClassFixture<OneSilo>, IAsyncLifetime
{
    /// <summary>More than are written at once.</summary>
    private const int ManyBlocks = 70;

    private readonly Caller _caller = silo.Caller;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IRegistryGrain Registry => _caller.Grains.Registry();

    public async ValueTask InitializeAsync()
    {
        foreach (string carrier in (string[])[The.Carrier, The.OtherCarrier])
        {
            await Registry.RegisterPartyAsync(new(new(carrier, "A carrier", PartyRole.Carrier), null), Ct);
        }
    }

    public ValueTask DisposeAsync()
    {
        silo.Store.Heal();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_range_over_many_blocks_covers_their_numbers_from_the_next_check_on()
    {
        NumberBlock[] blocks = The.NewBlocks(ManyBlocks);
        PhoneNumber[] numbers = [blocks[0].At(5_000), blocks[35].At(0), blocks[35].At(9_999), blocks[^1].At(4_999)];
        PhoneNumber[] outside = [blocks[0].At(4_999), blocks[^1].At(5_000)];
        foreach (PhoneNumber number in numbers.Concat(outside))
        {
            Assert.Equal(BindingStatus.Unknown, (await _caller.BindAsync(number)).Status);
            Assert.Equal(Reasons.NoCoverage, (await _caller.CheckAsync(number)).Reasons);
        }

        CommandReply reply = await SetAsync(numbers[0], numbers[^1]);

        Assert.Equal(CommandOutcome.Recorded, reply.Outcome);
        foreach (PhoneNumber number in numbers)
        {
            Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number)).Verdict);
        }

        foreach (PhoneNumber number in outside)
        {
            Assert.Equal(Reasons.NoCoverage, (await _caller.CheckAsync(number)).Reasons);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_range_that_failed_half_way_is_completed_by_the_same_request(bool storedAllTheSame)
    {
        NumberBlock[] blocks = The.NewBlocks(ManyBlocks);
        (PhoneNumber from, PhoneNumber to) = (blocks[0].At(0), blocks[^1].At(9_999));
        int appends = 0;
        Func<CancellationToken, Task> failLater = token =>
            Interlocked.Increment(ref appends) > 40 ? Faults.Unavailable(token) : Task.CompletedTask;
        if (storedAllTheSame) silo.Store.AfterEach(StoreOperation.Append, failLater);
        else silo.Store.BeforeEach(StoreOperation.Append, failLater);

        await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => SetAsync(from, to));
        silo.Store.Heal();
        int done = await CountRangesAsync(blocks);
        CommandReply again = await SetAsync(from, to);
        CommandReply onceMore = await SetAsync(from, to);

        Assert.InRange(done, 40, ManyBlocks - 1);
        Assert.Equal((CommandOutcome.Recorded, CommandOutcome.NothingToDo), (again.Outcome, onceMore.Outcome));
        Assert.Equal(ManyBlocks, await CountRangesAsync(blocks)); // One entry in each.
        RegistryState registry = await silo.Cluster.Service<IRegistryReader>().ReadAsync(Ct);
        Assert.Single(registry.Ranges, range => range.From == from && range.To == to);
    }

    [Fact]
    public async Task A_range_that_overlaps_another_carriers_is_refused_and_touches_no_block()
    {
        NumberBlock[] blocks = The.NewBlocks(ManyBlocks);
        await SetAsync(blocks[^1].At(9_000), blocks[^1].At(9_999), carrier: The.OtherCarrier);

        CommandReply reply = await SetAsync(blocks[0].At(0), blocks[^1].At(9_999));

        Assert.Equal((CommandOutcome.Refused, Refusal.RangeOverlaps), (reply.Outcome, reply.Refusal));
        Assert.Equal(1, await CountRangesAsync(blocks));
    }

    [Fact]
    public async Task A_changed_first_day_of_the_record_is_seen_by_the_next_check()
    {
        PhoneNumber number = The.NewNumber();
        NumberBlock block = NumberBlock.Of(number);
        await SetAsync(block.At(0), block.At(9_999), trackedSince: DateOnly.FromDateTime(The.Consent.Date).AddDays(1));
        Assert.Equal(BindingStatus.Unknown, (await _caller.BindAsync(number)).Status);
        Assert.Equal(Reasons.NoCoverage, (await _caller.CheckAsync(number)).Reasons);

        await SetAsync(block.At(0), block.At(9_999), trackedSince: DateOnly.FromDateTime(The.Consent.Date));
        Verdict earlier = (await _caller.CheckAsync(number)).Verdict;
        await SetAsync(block.At(0), block.At(9_999), trackedSince: DateOnly.FromDateTime(The.Consent.Date).AddDays(1));
        Verdict later = (await _caller.CheckAsync(number)).Verdict;

        Assert.Equal((Verdict.Allow, Verdict.Unknown), (earlier, later));
    }

    [Fact]
    public async Task A_range_that_ended_covers_nothing_and_is_free_for_another_carrier()
    {
        PhoneNumber number = The.NewNumber();
        NumberBlock block = NumberBlock.Of(number);
        await SetAsync(block.At(0), block.At(9_999));
        await _caller.BindAsync(number);
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number)).Verdict);

        CommandReply ended = await EndAsync(block.At(0), block.At(9_999));

        Assert.Equal(CommandOutcome.Recorded, ended.Outcome);
        Assert.Equal(Reasons.NoCoverage, (await _caller.CheckAsync(number)).Reasons);
        ReportReply report = await _caller.ReportAsync(number, The.Report(CarrierEventKind.Disconnected, "d1"));
        Assert.Equal(Refusal.NumberNotHeld, report.Refusal);
        CommandReply taken = await SetAsync(block.At(0), block.At(9_999), carrier: The.OtherCarrier);
        Assert.Equal(CommandOutcome.Recorded, taken.Outcome);
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number)).Verdict);
    }

    [Fact]
    public async Task A_range_that_was_set_and_ended_since_is_not_set_again_by_the_same_command()
    {
        NumberBlock block = The.NewBlock();
        CommandId command = The.NewCommand();
        await SetAsync(block.At(0), block.At(9_999), command: command);
        await EndAsync(block.At(0), block.At(9_999));
        int done = await CountRangesAsync([block]);

        CommandReply again = await SetAsync(block.At(0), block.At(9_999), command: command);

        Assert.Equal(CommandOutcome.Recorded, again.Outcome);
        Assert.Equal(done, await CountRangesAsync([block]));
    }

    [Fact]
    public async Task A_range_that_was_ended_and_set_since_is_not_ended_again_by_the_same_command()
    {
        NumberBlock block = The.NewBlock();
        CommandId command = The.NewCommand();
        await SetAsync(block.At(0), block.At(9_999));
        await EndAsync(block.At(0), block.At(9_999), command);
        await SetAsync(block.At(0), block.At(9_999));
        int done = await CountRangesAsync([block]);

        CommandReply again = await EndAsync(block.At(0), block.At(9_999), command);

        Assert.Equal(CommandOutcome.Recorded, again.Outcome);
        Assert.Equal(done, await CountRangesAsync([block]));
    }

    [Fact]
    public async Task Only_a_registered_carrier_gets_a_range()
    {
        NumberBlock block = The.NewBlock();
        await Registry.RegisterPartyAsync(new(new("no-carrier", "A lender", PartyRole.Lender), null), Ct);

        CommandReply lender = await SetAsync(block.At(0), block.At(9_999), carrier: "no-carrier");
        CommandReply nobody = await SetAsync(block.At(0), block.At(9_999), carrier: "nobody");

        Assert.Equal((Refusal.PartyOfOtherRole, Refusal.PartyUnknown), (lender.Refusal, nobody.Refusal));
        Assert.Equal(0, await CountRangesAsync([block]));
    }

    private Task<CommandReply> SetAsync(
        PhoneNumber from, PhoneNumber to, string carrier = The.Carrier, DateOnly? trackedSince = null,
        CommandId? command = null) =>
        Registry.SetRangeAsync(new(new(carrier, from, to, trackedSince ?? The.TrackedSince), command), Ct);

    private Task<CommandReply> EndAsync(PhoneNumber from, PhoneNumber to, CommandId? command = null) =>
        Registry.EndRangeAsync(new(new(The.Carrier, from, to), command), Ct);

    /// <summary>Entries in the blocks' own records.</summary>
    private async Task<int> CountRangesAsync(NumberBlock[] blocks)
    {
        int count = 0;
        foreach (NumberBlock block in blocks)
        {
            count += (await silo.Store.ReadTagsAsync(block, [LedgerCluster.Sealer.TagOf(block)], Ct)).Count;
        }

        return count;
    }
}
