using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>An index answers what a replay and the oracle answer, however it came to know.</summary>
public sealed class BlockIndexTests
{
    private static readonly Gen<Asked[]> Questions = Histories.Question([.. Histories.Offsets, 5_555]).Array[16];

    [Fact]
    public void The_order_of_puts_makes_no_difference() => Gen.Select(
        Histories.Story(24), Questions, Gen.Int[0, 99].Array[100])
        .Sample((story, questions, dice) =>
        {
            var index = new BlockIndex(story.Block);
            var puts = new List<Action> { () => index.Put(story.Ranges()) };
            foreach (ushort offset in story.Offsets) puts.Add(() => index.Put(offset, story.StateOf(offset)));

            // Each once or several times, in any order.
            Action[] order = [.. puts.SelectMany((put, i) => Enumerable.Repeat(put, 1 + (dice[i] % 3)))];
            Array.Sort(dice[..order.Length], order);
            foreach (Action put in order) put();

            AssertAnswersAsTheStory(story, index, questions);
        }, iter: 4_000);

    [Fact]
    public void An_index_that_followed_every_step_answers_as_one_that_saw_only_the_end() => Gen.Select(
        Histories.Story(24), Questions, Gen.Bool.Array[40])
        .Sample((story, questions, skipped) =>
        {
            var index = new BlockIndex(story.Block);
            for (int count = 1; count <= story.Contents.Count; count++)
            {
                BlockStory sofar = story with { Contents = [.. story.Contents.Take(count)] };
                ushort offset = sofar.Contents[^1].Offset;
                if (offset == EntryContent.NoOffset) index.Put(sofar.Ranges());
                else if (!skipped[count]) index.Put(offset, sofar.StateOf(offset));
            }

            foreach (ushort offset in story.Offsets) index.Put(offset, story.StateOf(offset));

            AssertAnswersAsTheStory(story, index, questions);
        }, iter: 4_000);

    /// <summary>As after an erasure, which takes bindings and refusals away.</summary>
    [Fact]
    public void What_is_no_longer_recorded_of_a_number_is_gone_from_the_index() => Gen.Select(
        Histories.Story(20), Histories.Story(20), Questions)
        .Sample((before, after, questions) =>
        {
            before = before with { Block = after.Block };
            var index = new BlockIndex(after.Block);
            index.Put(before.Ranges());
            foreach (ushort offset in before.Offsets) index.Put(offset, before.StateOf(offset));

            index.Put(after.Ranges());
            foreach (ushort offset in before.Offsets.Union(after.Offsets)) index.Put(offset, after.StateOf(offset));

            AssertAnswersAsTheStory(after, index, questions);
        }, iter: 4_000);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public void A_batch_of_any_length_is_each_alone(int every)
    {
        NumberState[] states =
        [
            ANumber.Covered.Bound(In2026.Jan(5)).State,
            ANumber.Covered.Bound(In2026.Jan(5)).OptedOut(In2026.Jan(6)).State,
            ANumber.Covered.Bound(In2026.Jan(5)).Disconnected(In2026.Feb(1)).Reassigned(In2026.Mar(1)).State,
            ANumber.Covered.Bound(In2026.Jan(5), expiresAt: In2026.Noon(In2026.Mar(1))).State,
            ANumber.Covered.Bound(In2026.Jan(5)).PortedOut(In2026.Feb(1)).State,
        ];
        var index = new BlockIndex(BlockStory.China);
        index.Put(ANumber.Covered.Story.Ranges());
        for (int i = 0; i < NumberBlock.NumbersPerBlock; i += every)
        {
            index.Put((ushort)i, states[i / every % states.Length]);
        }

        foreach (int count in (int[])[1, 255, 256, 257, 3_000])
        {
            AssertBatchIsEachAlone(index, ANumber.Lender, [.. Enumerable.Range(0, count).Select(i => new Asked(
                (ushort)(i * 7 % NumberBlock.NumbersPerBlock), ANumber.Lender, Purposes.Marketing,
                i % 4 == 0 ? In2026.Feb(2) : null, In2026.Noon(In2026.Apr(1))))]);
        }
    }

    [Fact]
    public void An_empty_index_knows_nothing()
    {
        var index = new BlockIndex(BlockStory.China);
        var moment = Moment.At(In2026.Noon(In2026.Mar(1)));

        Assert.Equal(
            new Answer(Verdict.Deny, Reasons.NoBinding, Advisories.None),
            index.Check(0, "acme", new(Purposes.Marketing, 0), moment));
        Assert.Equal(
            new Answer(Verdict.Unknown, Reasons.NoCoverage, Advisories.None),
            index.Check(9_999, "acme", new(Purposes.Marketing, 20_000), moment));
        Assert.Null(index.CarrierOf(9_999));
        Assert.Empty(index.BoundTo("acme"));
        Assert.Equal(default, index.Head);
    }

    internal static void AssertAnswersAsTheStory(BlockStory story, BlockIndex index, Asked[] questions)
    {
        foreach (Asked asked in questions)
        {
            Answer expected = Replay.ByOracle(story, asked);
            Assert.Equal(expected, Replay.Decide(story, asked));
            Assert.Equal(expected, index.Check(asked.Offset, asked.Lender, asked.Question, asked.Moment));
            Assert.Equal(Replay.HolderOf(story, asked.Offset), index.HolderOf(asked.Offset));
            Assert.Equal(
                Coverage.Of(story.Ranges().At(asked.Offset), Timeline.Of(story.StateOf(asked.Offset).Reports)).Carrier,
                index.CarrierOf(asked.Offset));
        }

        foreach (IGrouping<string, Asked> ofLender in questions.GroupBy(asked => asked.Lender))
        {
            AssertBatchIsEachAlone(index, ofLender.Key, [.. ofLender]);
            Assert.Equal(
                story.Offsets.Where(offset => story.RecordOf(offset).BindingOf(ofLender.Key) is not null).Order(),
                index.BoundTo(ofLender.Key));
        }
    }

    private static void AssertBatchIsEachAlone(BlockIndex index, string lender, Asked[] questions)
    {
        Moment moment = questions[0].Moment;
        var answers = new Answer[questions.Length];
        index.Check(
            [.. questions.Select(asked => asked.Offset)], lender, [.. questions.Select(asked => asked.Question)],
            moment,
            answers);

        Assert.Equal(
            questions.Select(asked => index.Check(asked.Offset, lender, asked.Question, moment)), answers);
    }
}
