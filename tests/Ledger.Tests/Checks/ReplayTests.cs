using CsCheck;

namespace NumberLedger.Ledger.Tests;

public sealed class ReplayTests
{
    [Fact]
    public void A_replay_of_one_number_answers_as_the_oracle() => Gen.Select(
        Histories.StoryOfOneNumber(14), Histories.Question(0).Array[24])
        .Sample(AssertAnswersAreThoseOfTheOracle, iter: 40_000);

    [Fact]
    public void A_replay_of_a_block_answers_as_the_oracle() => Gen.Select(
        Histories.Story(24), Histories.Question([.. Histories.Offsets, 5_555]).Array[16])
        .Sample(AssertAnswersAreThoseOfTheOracle, iter: 10_000);

    [Fact]
    public void A_state_holds_what_was_recorded_and_the_time_of_the_last_entry() =>
        Histories.StoryOfOneNumber(10).Sample(story =>
    {
        NumberState state = story.StateOf(0);
        EntryContent[] contents = [.. story.Contents.Where(content => content.Offset == 0)];

        Assert.Equal(contents.Select(c => c.Event).OfType<LedgerEvent.CarrierReport>(), state.Reports);
        Assert.Equal(contents.Select(c => c.Event).OfType<LedgerEvent.OptedOut>(), state.Refusals);
        Assert.Equal(contents.LastOrDefault()?.RecordedAt ?? default, state.RecordedAt);
    });

    private static void AssertAnswersAreThoseOfTheOracle(BlockStory story, Asked[] questions)
    {
        foreach (Asked asked in questions)
        {
            Answer expected = Replay.ByOracle(story, asked);
            Answer answer = Replay.Decide(story, asked);
            if (expected != answer) Assert.Fail($"{asked}: expected {expected}, found {answer}");
        }
    }
}
