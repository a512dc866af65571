using System.Collections.Concurrent;
using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>What a check sees: everything acknowledged before it was asked, whoever recorded it.</summary>
public abstract class CheckTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal abstract Caller Caller { get; }

    protected OneSilo Silo => silo;

    [Fact]
    public async Task An_acknowledged_refusal_is_seen_by_the_next_check()
    {
        PhoneNumber number = await Caller.BoundNumberAsync();
        Assert.Equal(Verdict.Allow, (await Caller.CheckAsync(number)).Verdict);

        await Caller.OptOutAsync(number);

        CheckAnswer answer = await Caller.CheckAsync(number);
        Assert.Equal((Verdict.Deny, Reasons.OptedOut), (answer.Verdict, answer.Reasons));
    }

    [Fact]
    public async Task A_refusal_that_another_writer_recorded_beneath_the_grains_is_seen_by_the_next_check()
    {
        PhoneNumber number = await Caller.BoundNumberAsync();
        Assert.Equal(Verdict.Allow, (await Caller.CheckAsync(number)).Verdict);

        await silo.OtherWriter.RecordAsync(number, The.OptedOut());

        Assert.Equal(Reasons.OptedOut, (await Caller.CheckAsync(number)).Reasons);
    }

    [Fact]
    public async Task A_disconnect_beneath_the_grains_is_seen_by_the_next_check_and_the_answer_says_as_of_when()
    {
        PhoneNumber number = await Caller.BoundNumberAsync();
        CheckReply before = await Caller.CheckReplyAsync(number);

        BlockHead head = await silo.OtherWriter.RecordAsync(number, The.Report(CarrierEventKind.Disconnected, "d1"));

        CheckReply after = await Caller.CheckReplyAsync(number);
        Assert.Equal(Verdict.Allow, before.Answers[0].Verdict);
        Assert.Equal((Verdict.Deny, Reasons.Disconnected), (after.Answers[0].Verdict, after.Answers[0].Reasons));
        Assert.Equal((before.Position + 1, head.Position), (after.Position, after.Position));
    }

    [Fact]
    public async Task A_question_that_arrives_during_a_read_waits_for_a_read_of_its_own()
    {
        PhoneNumber number = await Caller.BoundNumberAsync();
        await Caller.CheckAsync(number);
        var read = new TaskCompletionSource();
        var answered = new TaskCompletionSource();
        silo.Store.AfterNext(StoreOperation.Heads, _ =>
        {
            read.SetResult();
            return answered.Task;
        });

        Task<CheckAnswer> early = Caller.CheckAsync(number);
        await read.Task.WaitAsync(Ct);
        await silo.OtherWriter.RecordAsync(number, The.OptedOut());
        Task<CheckAnswer> late = Caller.CheckAsync(number);
        int reads = silo.Store.CallsOf(StoreOperation.Heads);
        answered.SetResult();

        Assert.Equal(Reasons.OptedOut, (await late).Reasons);
        await early; // Whichever: the refusal came after its question.
        Assert.Equal(reads + 1, silo.Store.CallsOf(StoreOperation.Heads));
    }

    [Fact]
    public async Task Questions_during_a_catch_up_wait_for_all_of_it_and_for_what_came_after_it_began()
    {
        NumberBlock block = The.NewBlock();
        PhoneNumber first = await Caller.BoundNumberAsync(block, 1);
        PhoneNumber second = await Caller.BoundNumberAsync(block, 2);
        Assert.Equal(Verdict.Allow, (await Caller.CheckAsync(second)).Verdict);
        var catchingUp = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        silo.Store.BeforeNext(StoreOperation.ReadTags, _ =>
        {
            catchingUp.SetResult();
            return go.Task;
        });

        await silo.OtherWriter.RecordAsync(first, The.OptedOut());
        Task<CheckAnswer> ofFirst = Caller.CheckAsync(first);
        await catchingUp.Task.WaitAsync(Ct);
        await silo.OtherWriter.RecordAsync(second, The.OptedOut());
        Task<CheckAnswer> ofSecond = Caller.CheckAsync(second);
        await silo.Store.ReadHeadsAsync([block], Ct);
        go.SetResult();

        Assert.Equal(Reasons.OptedOut, (await ofFirst).Reasons);
        Assert.Equal(Reasons.OptedOut, (await ofSecond).Reasons);
    }

    [Fact]
    public async Task Many_questions_at_once_share_one_catch_up()
    {
        PhoneNumber number = await Caller.BoundNumberAsync();
        await Caller.CheckAsync(number);
        await silo.OtherWriter.RecordAsync(number, The.OptedOut());
        int reads = silo.Store.CallsOf(StoreOperation.ReadBlock);

        CheckAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Caller.CheckAsync(number)));

        Assert.All(answers, answer => Assert.Equal(Reasons.OptedOut, answer.Reasons));
        Assert.Equal(reads + 1, silo.Store.CallsOf(StoreOperation.ReadBlock));
    }

    [Fact]
    public async Task A_catch_up_that_many_share_runs_on_no_grains_scheduler()
    {
        PhoneNumber number = await Caller.BoundNumberAsync();
        var schedulers = new ConcurrentQueue<TaskScheduler>();
        Func<CancellationToken, Task> note = _ =>
        {
            schedulers.Enqueue(TaskScheduler.Current);
            return Task.CompletedTask;
        };

        silo.Store.BeforeNext(StoreOperation.ReadBlock, note);
        await Caller.CheckAsync(number);
        await silo.OtherWriter.RecordAsync(number, The.OptedOut());
        silo.Store.BeforeNext(StoreOperation.ReadBlock, note);
        await Caller.CheckAsync(number);

        Assert.Equal([TaskScheduler.Default, TaskScheduler.Default], schedulers);
    }

    [Fact]
    public async Task A_block_of_which_much_has_moved_is_read_anew_and_answers_the_same()
    {
        NumberBlock block = The.NewBlock();
        PhoneNumber bound = await Caller.BoundNumberAsync(block, 9_999);
        await Caller.CheckAsync(bound);

        await silo.OtherWriter.RecordAllAsync(block, Enumerable.Range(0, 1_500), _ => The.OptedOut());
        await silo.OtherWriter.RecordAsync(bound, The.OptedOut());

        Assert.Equal(Reasons.OptedOut, (await Caller.CheckAsync(bound)).Reasons);
        Assert.Equal(Reasons.NoBinding, (await Caller.CheckAsync(block.At(77))).Reasons);
    }

    [Fact]
    public async Task A_block_of_more_entries_than_one_page_is_read_whole()
    {
        NumberBlock block = The.NewBlock();
        await Caller.CoverAsync(block);
        await silo.OtherWriter.RecordAllAsync(block, Enumerable.Range(0, 10_000), _ => The.Bound());
        PhoneNumber last = block.At(9_999);
        BlockHead head = await silo.OtherWriter.RecordAsync(last, The.OptedOut());

        CheckReply reply = await Caller.CheckReplyAsync(last);

        Assert.Equal((10_002, Reasons.OptedOut), (reply.Position, reply.Answers[0].Reasons));
        Assert.Equal(head.Position, reply.Position);
        Assert.Equal(Verdict.Allow, (await Caller.CheckAsync(block.At(9_998))).Verdict);
    }

    [Fact]
    public async Task Nothing_is_decided_before_the_block_was_last_recorded_whatever_the_clock_says()
    {
        PhoneNumber number = await Caller.BoundNumberAsync();
        DateTimeOffset ahead = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);

        await silo.OtherWriter.RecordAsync(number, The.OptedOut(), recordedAt: ahead);

        Assert.Equal(ahead, (await Caller.CheckReplyAsync(number)).DecidedAt);
    }
}

/// <summary>From elsewhere in the cluster: by a grain call.</summary>
public sealed class CheckFromOutsideTests(OneSilo silo) : CheckTests(silo)
{
    internal override Caller Caller { get; } = silo.Caller;
}

/// <summary>From the process that holds the block's index: without a grain call, once the index is there.</summary>
public sealed class CheckInTheProcessTests(OneSilo silo) : CheckTests(silo)
{
    internal override Caller Caller { get; } = silo.CallerInside;

    [Fact]
    public async Task A_check_beside_its_grain_does_not_wait_for_the_grain()
    {
        PhoneNumber number = await Caller.BoundNumberAsync();
        await Caller.CheckAsync(number);
        var reading = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        Silo.Store.BeforeNext(StoreOperation.Heads, _ =>
        {
            reading.SetResult();
            return go.Task;
        });

        Task<CheckReply> check = Caller.CheckReplyAsync(number);
        await reading.Task;
        await Silo.Cluster.DeactivateAsync(Caller.Grains.Block(NumberBlock.Of(number)));
        go.SetResult();

        Assert.Equal(Verdict.Allow, (await check).Answers[0].Verdict);
    }

    [Fact]
    public async Task After_its_grain_went_a_block_is_asked_without_one()
    {
        PhoneNumber number = await Caller.BoundNumberAsync();
        IBlockGrain grain = Caller.Grains.Block(NumberBlock.Of(number));
        await Caller.CheckAsync(number);
        await Silo.Cluster.DeactivateAsync(grain);
        await Silo.OtherWriter.RecordAsync(number, The.OptedOut());

        Assert.Equal(Reasons.OptedOut, (await Caller.CheckAsync(number)).Reasons);
        Assert.False(Silo.Cluster.IsActive(grain.GetGrainId()));
    }
}
