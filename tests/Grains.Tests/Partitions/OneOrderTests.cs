using CsCheck;
using NumberLedger.Testing;

namespace NumberLedger.Grains.Tests;

/// <summary>
/// However writers on both sides of a partition meet, and whatever the store does to them: what is stored is what one
/// writer would have stored, who took their commands in some order.
/// </summary>
public sealed class OneOrderTests(TwoClusters sides) : IClassFixture<TwoClusters>
{
    /// <summary>Of 100 appends, so many fail before the commit, and so many lose their answer after it.</summary>
    private const int FailuresPercent = 15;

    private static readonly Gen<Wish[][]> Writers = Wish.Any.Array[1, 12].Array[2, 6];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Interleaved_writers_through_two_clusters_equal_one_order_of_their_commands() =>
        await Gen.Select(Writers, Gen.Int).SampleAsync(
            (writers, seed) => RunAsync(writers, new Random(seed)), iter: 60, threads: 1);

    private async Task RunAsync(Wish[][] writers, Random random)
    {
        sides.Store.Heal(); // Of a sample that failed.
        NumberBlock block = The.NewBlock();
        await sides.Callers[0].CoverAsync(block);
        LetAppendsFail(random);
        Sent[][] ofWriters = await Task.WhenAll(
            writers.Select((wishes, i) => WriteAsync(block, sides.Callers[i % 2], wishes)));
        Sent[] sent = [.. ofWriters.SelectMany(each => each)];
        sides.Store.Heal();

        StoredEntry[] stored = [.. await sides.Store.ReadBlockAsync(block, 0, int.MaxValue, Ct)];
        AssertEachOnce(stored, sent);
        for (int offset = 0; offset < Wish.Numbers; offset++)
        {
            PhoneNumber number = block.At(offset);
            AssertInOneOrder(block, number, stored, [.. sent.Where(one => one.Number == number)]);
        }

        await AssertSoundAsync(block, stored);
        foreach (Caller caller in sides.Callers) await AssertAnswersAsReplayedAsync(caller, block, stored);
    }

    private void LetAppendsFail(Random random)
    {
        var gate = new Lock();
        sides.Store.BeforeEach(StoreOperation.Append, FailSometimes);
        sides.Store.AfterEach(StoreOperation.Append, FailSometimes);

        Task FailSometimes(CancellationToken cancellationToken)
        {
            lock (gate)
            {
                if (random.Next(100) >= FailuresPercent) return Task.CompletedTask;
            }

            return Faults.Unavailable(cancellationToken);
        }
    }

    /// <summary>One after the other, each until it is answered.</summary>
    private async Task<Sent[]> WriteAsync(NumberBlock block, Caller caller, Wish[] wishes)
    {
        var sent = new Sent[wishes.Length];
        for (int i = 0; i < wishes.Length; i++)
        {
            Wish wish = wishes[i];
            PhoneNumber number = block.At(wish.Number);
            long before = await ReadPositionAsync(block);
            sent[i] = await Again.UntilAnsweredAsync(async command =>
            {
                (CommandOutcome outcome, Refusal? refusal) = await wish.SendAsync(caller, number, command);
                return new Sent(wish, number, command, outcome, refusal, before, await ReadPositionAsync(block));
            });
        }

        return sent;
    }

    /// <summary>Every recorded command has one entry, no other has any, and no entry is anybody else's.</summary>
    private static void AssertEachOnce(StoredEntry[] stored, Sent[] sent)
    {
        Assert.Equal(Enumerable.Range(1, stored.Length).Select(i => (long)i), stored.Select(entry => entry.Position));
        Assert.Equal(
            sent.Where(one => one.Outcome is CommandOutcome.Recorded).Select(one => one.Command.Value).Order(),
            stored.Where(entry => entry.Command is not null).Select(entry => entry.Command!.Value.Value).Order());
        Assert.Single(stored, entry => entry.Command is null); // The range.
    }

    private async Task<long> ReadPositionAsync(NumberBlock block) =>
        (await sides.Store.Inner.ReadHeadsAsync([block], Ct))[0].Position;

    /// <summary>
    /// Each entry is what the rules decide about its command on the entries before it; and whatever was answered
    /// without an entry is what they decide at some moment between the question and the answer.
    /// </summary>
    private static void AssertInOneOrder(NumberBlock block, PhoneNumber number, StoredEntry[] stored, Sent[] sent)
    {
        Sealer sealer = LedgerCluster.Sealer;
        Pseudonym tag = sealer.TagOf(number);
        NumberState state = NumberState.Start(block, tag);
        List<(long Position, NumberState State)> moments = [(0, state)];
        foreach (StoredEntry entry in stored.Where(entry => entry.Tag == tag))
        {
            LedgerEntry read = sealer.Read(block, entry);
            Sent one = sent.Single(one => one.Command == entry.Command);
            Decision decision = one.Wish.DecideOn(state, read.Content!.RecordedAt);
            Assert.Equal(decision.Happened, read.Content.Event);
            Assert.InRange(entry.Position, one.Before + 1, one.After);
            moments.Add((entry.Position, state = state.Apply(read)));
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        foreach (Sent one in sent.Where(one => one.Outcome is not CommandOutcome.Recorded))
        {
            long known = moments.Last(moment => moment.Position <= one.Before).Position;
            Assert.Contains(
                moments.Where(moment => moment.Position >= known && moment.Position <= one.After),
                moment => one.Wish.DecideOn(moment.State, now) is { Happened: null } no && no.Refusal == one.Refusal);
        }
    }

    private async Task AssertSoundAsync(NumberBlock block, StoredEntry[] stored)
    {
        BlockHead head = (await sides.Store.ReadHeadsAsync([block], Ct))[0];
        RawEntry[] raw = [.. stored.Select(entry => new RawEntry(
            entry.Position, entry.Tag.ToArray(), entry.Version, entry.Salt, entry.Sealed, entry.Hash.ToArray(),
            entry.Command?.ToArray()))];
        var rawHead = new RawHead(head.Position, head.Hash.ToArray(), head.RecordedAt.ToUnixTimeMilliseconds());
        Assert.Empty(BlockInspection.Judge(new RawBlock(block, rawHead, raw, null), LedgerCluster.Sealer).Findings);
        Assert.Empty(IndexInspection.Judge(block, LedgerCluster.Sealer, stored, DateTimeOffset.UtcNow));
    }

    private static async Task AssertAnswersAsReplayedAsync(Caller caller, NumberBlock block, StoredEntry[] stored)
    {
        BlockIndex replayed = BlockFold.Fold(block, LedgerCluster.Sealer, stored).ToIndex(block);
        for (int offset = 0; offset < Wish.Numbers; offset++)
        {
            foreach (string lender in (string[])["lender-0", "lender-1"])
            {
                CheckReply reply = await caller.CheckReplyAsync(block.At(offset), lender);
                Answer expected = replayed.Check(
                    (ushort)offset, lender, new Question(Purposes.Marketing, 0), Moment.At(reply.DecidedAt));
                CheckAnswer answer = reply.Answers[0];
                Assert.Equal((expected.Verdict, expected.Reasons), (answer.Verdict, answer.Reasons));
                Assert.Equal(stored.Length, reply.Position);
            }
        }
    }

    /// <param name="Before">The block's position before it was sent for the first time.</param>
    /// <param name="After">The same, once it was answered.</param>
    private sealed record Sent(
        Wish Wish, PhoneNumber Number, CommandId Command, CommandOutcome Outcome, Refusal? Refusal, long Before,
        long After);
}
