using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>What a number grain does when it is not the only writer, as in a partition it is not.</summary>
public sealed class NumberGrainTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly Caller _caller = silo.Caller;

    [Fact]
    public async Task A_conflict_makes_it_read_again_and_decide_again()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        await silo.OtherWriter.RecordAsync(number, new LedgerEvent.Released(The.Lender));

        CommandReply reply = await _caller.ReleaseAsync(number);

        Assert.Equal(CommandOutcome.NothingToDo, reply.Outcome);
        Assert.Equal(2, (await _caller.HistoryAsync(number)).Length);
    }

    [Fact]
    public async Task That_there_is_nothing_to_do_is_said_only_of_what_is_stored_now()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        await silo.OtherWriter.RecordAsync(number, new LedgerEvent.Released(The.Lender));

        BindReply reply = await _caller.BindAsync(number);

        Assert.Equal((CommandOutcome.Refused, Refusal.ConsentBeforeRelease), (reply.Outcome, reply.Refusal));
    }

    [Fact]
    public async Task A_refusal_is_given_only_on_what_is_stored_now()
    {
        PhoneNumber number = The.NewNumber();
        Assert.Equal(Refusal.BindingUnknown, (await _caller.ReleaseAsync(number)).Refusal);
        await silo.OtherWriter.RecordAsync(number, The.Bound());

        Assert.Equal(CommandOutcome.Recorded, (await _caller.ReleaseAsync(number)).Outcome);
    }

    [Fact]
    public async Task A_range_that_ended_meanwhile_is_seen_inside_the_transaction_of_the_report()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        await _caller.ReportAsync(number, The.Report(CarrierEventKind.Suspended, "s1"));
        silo.Store.BeforeNext(StoreOperation.Append, _ => silo.OtherWriter.RecordAsync(
            NumberBlock.Of(number), new LedgerEvent.RangeEnded(The.Carrier, 0, 9)));

        ReportReply reply = await _caller.ReportAsync(number, The.Report(CarrierEventKind.Disconnected, "d1"));

        Assert.Equal((CommandOutcome.Refused, Refusal.NumberNotHeld), (reply.Outcome, reply.Refusal));
    }

    [Fact]
    public async Task More_events_of_a_number_than_one_append_takes_are_each_recorded_and_answered()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        ReportItem[] items =
        [
            .. Enumerable.Range(0, 100).Select(i => new ReportItem(
                The.Report(CarrierEventKind.Suspended, $"s{i % 90}"), new CommandId((UInt128)i + 1))),
        ];
        silo.EntriesMax = 33;

        try
        {
            ReportReply[] replies = await _caller.NumberGrain(number).ReportAsync(new(number, items), Ct);
            ReportReply[] again = await _caller.NumberGrain(number).ReportAsync(new(number, items), Ct);

            Assert.Equal(90, replies.Count(reply => reply.Outcome is CommandOutcome.Recorded));
            Assert.Equal(CommandOutcome.NothingToDo, replies[^1].Outcome);
            Assert.Equal(replies, again);
            Assert.Equal(1 + 90, (await _caller.HistoryAsync(number)).Length);
        }
        finally
        {
            silo.EntriesMax = int.MaxValue;
        }
    }

    [Fact]
    public async Task A_writer_that_always_comes_first_makes_it_give_up_and_say_so()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        int day = 0;
        silo.Store.BeforeEach(StoreOperation.Append, _ => silo.OtherWriter.RecordAsync(
            number, The.OptedOut(The.Lender, The.Refusal.AddDays(++day))));

        try
        {
            await Assert.ThrowsAnyAsync<LedgerUnavailableException>(() => _caller.OptOutAsync(number));
        }
        finally
        {
            silo.Store.Heal();
        }

        Assert.Equal(CommandOutcome.Recorded, (await _caller.OptOutAsync(number)).Outcome);
    }

    [Fact]
    public async Task Reports_are_judged_one_by_one_and_stand_in_one_append()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        await _caller.ReportAsync(number, The.Report(CarrierEventKind.Suspended, "s1"));
        int appends = silo.Store.CallsOf(StoreOperation.Append);
        LedgerEvent.CarrierReport[] reports =
        [
            The.Report(CarrierEventKind.Disconnected, "d1"),
            The.Report(CarrierEventKind.Disconnected, "d1"),
            The.Report(CarrierEventKind.Reassigned, "d1"),
            The.Report(CarrierEventKind.Suspended, "x1", carrier: The.OtherCarrier),
            The.Report(CarrierEventKind.Retracted, "t1", retracts: "d1"),
        ];

        ReportReply[] replies = await _caller.NumberGrain(number).ReportAsync(
            new(number, [.. reports.Select(report => new ReportItem(report, null))]), Ct);

        Assert.Equal(
            [
                new(CommandOutcome.Recorded, null),
                new(CommandOutcome.NothingToDo, null),
                new(CommandOutcome.Refused, Refusal.EventIdReused),
                new(CommandOutcome.Refused, Refusal.NumberNotHeld),
                new ReportReply(CommandOutcome.Recorded, null),
            ],
            replies);
        Assert.Equal(appends + 1, silo.Store.CallsOf(StoreOperation.Append));
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number)).Verdict);
    }

    [Fact]
    public async Task A_retraction_gives_a_dead_binding_its_life_back()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        await _caller.ReportAsync(number, The.Report(CarrierEventKind.Reassigned, "r1"));
        Assert.Equal(Reasons.Reassigned, (await _caller.CheckAsync(number)).Reasons);
        BindReply dead = await _caller.BindAsync(number, The.Bound("lender-2"));

        await _caller.ReportAsync(number, The.Report(CarrierEventKind.Retracted, "t1", retracts: "r1"));

        Assert.Equal((BindingStatus.Dead, Reasons.Reassigned), (dead.Status, dead.Reason));
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number)).Verdict);
        Assert.Equal(Verdict.Allow, (await _caller.CheckAsync(number, "lender-2")).Verdict);
        BindingListing listed = Assert.Single(await _caller.Grains.Block(NumberBlock.Of(number)).ListBindingsAsync(
            new("lender-2", 0, 10), Ct));
        Assert.Equal((BindingStatus.Active, Reasons.None), (listed.Status, listed.Reason));
    }

    [Fact]
    public async Task A_binding_outside_every_range_is_unknown_and_a_released_one_released()
    {
        PhoneNumber outside = The.NewNumber();
        PhoneNumber inside = await _caller.BoundNumberAsync();

        BindReply unknown = await _caller.BindAsync(outside);
        await _caller.ReleaseAsync(inside);

        Assert.Equal(BindingStatus.Unknown, unknown.Status);
        Assert.Equal((Verdict.Unknown, Reasons.NoCoverage), (await CheckedAsync(outside)));
        Assert.Equal((Verdict.Deny, Reasons.Released), (await CheckedAsync(inside)));
    }

    [Fact]
    public async Task Time_does_not_run_backwards_in_a_numbers_record()
    {
        PhoneNumber number = The.NewNumber();
        DateTimeOffset ahead = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);
        // A machine whose clock is ahead records between the reading of the head and of the number.
        silo.Store.BeforeNext(StoreOperation.ReadTags, _ => silo.OtherWriter.RecordAsync(number, The.Bound(), ahead));

        await _caller.OptOutAsync(number);

        HistoryEntry[] history = await _caller.HistoryAsync(number);
        Assert.Equal([ahead, ahead], history.Select(entry => EntryCodec.Decode(entry.Content!).RecordedAt));
    }

    [Fact]
    public async Task History_shows_a_party_its_own_part_as_known_at_a_time()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        await _caller.ReportAsync(number, The.Report(CarrierEventKind.Suspended, "s1"));
        DateTimeOffset then = EntryCodec.Decode((await _caller.HistoryAsync(number))[^1].Content!).RecordedAt;
        await silo.OtherWriter.RecordAsync(number, The.OptedOut(), then.AddMilliseconds(1));

        Assert.Equal(3, (await _caller.HistoryAsync(number)).Length);
        Assert.Equal(2, (await _caller.HistoryAsync(number, knownAt: then)).Length);
        Assert.Single(await _caller.HistoryAsync(number, The.Lender, PartyRole.Lender));
        Assert.Single(await _caller.HistoryAsync(number, The.Carrier, PartyRole.Carrier));
        Assert.Empty(await _caller.HistoryAsync(number, "lender-2", PartyRole.Lender));
    }

    [Fact]
    public async Task That_there_was_an_erased_entry_is_shown_to_those_who_see_everything()
    {
        PhoneNumber number = await _caller.BoundNumberAsync();
        await _caller.OptOutAsync(number, The.OptedOut(The.Lender));
        HistoryEntry[] before = await _caller.HistoryAsync(number);

        silo.Erase(number, before[0].Position);

        HistoryEntry[] after = await _caller.HistoryAsync(number);
        Assert.Equal([null, before[1].Content], after.Select(entry => entry.Content));
        Assert.Equal(before.Select(entry => entry.Position), after.Select(entry => entry.Position));
        Assert.Equal(2, (await _caller.HistoryAsync(number, "operator-1", PartyRole.Operator)).Length);
        Assert.Single(await _caller.HistoryAsync(number, The.Lender, PartyRole.Lender));
        Assert.Empty(await _caller.HistoryAsync(number, The.Carrier, PartyRole.Carrier));
    }

    [Fact]
    public async Task A_binding_that_is_being_erased_is_left_out_of_the_list_and_hides_none_behind_it()
    {
        NumberBlock block = The.NewBlock();
        PhoneNumber[] numbers = [block.At(1), block.At(2), block.At(3), block.At(4)];
        foreach (PhoneNumber number in numbers) await _caller.BindAsync(number);
        await _caller.CheckAsync(numbers[0]);

        // The index has not been told yet: the tombstone comes after the salts have gone.
        silo.Erase(numbers[1], (await _caller.HistoryAsync(numbers[1]))[0].Position);

        BindingListing[] listed = await _caller.Grains.Block(block).ListBindingsAsync(new(The.Lender, 0, 3), Ct);
        Assert.Equal([numbers[0], numbers[2], numbers[3]], listed.Select(binding => binding.Number));
    }

    [Fact]
    public async Task A_command_about_another_number_is_a_bug_of_the_caller()
    {
        PhoneNumber number = The.NewNumber();

        await Assert.ThrowsAsync<ArgumentException>(() => _caller.NumberGrain(number).BindAsync(
            new(The.NewNumber(), The.Bound(), null), Ct));
    }

    private async Task<(Verdict, Reasons)> CheckedAsync(PhoneNumber number)
    {
        CheckAnswer answer = await _caller.CheckAsync(number);
        return (answer.Verdict, answer.Reasons);
    }
}
