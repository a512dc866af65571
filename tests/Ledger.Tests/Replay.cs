namespace NumberLedger.Ledger.Tests;

/// <summary>A question to the whole house: who asks, for what, on which day's consent, when.</summary>
internal sealed record Asked(ushort Offset, string Lender, Purposes Purpose, DateOnly? ConsentedOn, DateTimeOffset Now)
{
    public Question Question => new(Purpose, Days.Pack(ConsentedOn));
    public Moment Moment => Moment.At(Now);
}

/// <summary>The answer by replay of everything that was recorded of a number, without the index.</summary>
internal static class Replay
{
    public static Answer Decide(NumberState state, RangeShare? range, Asked asked, int agingDaysMin)
    {
        var timeline = Timeline.Of(state.Reports);
        var coverage = Coverage.Of(range, timeline);
        return VerdictRules.Decide(
            HolderFacts.Of(state, timeline, coverage), LenderFacts.Of(state, timeline, asked.Lender), asked.Question,
            asked.Moment, agingDaysMin);
    }

    public static Answer Decide(BlockStory story, Asked asked) =>
        Decide(story.StateOf(asked.Offset), story.Ranges().At(asked.Offset), asked, story.AgingDaysMin);

    public static Answer ByOracle(BlockStory story, Asked asked) => OracleVerdicts.Decide(
        story.RecordOf(asked.Offset), asked.Lender, asked.Purpose, asked.ConsentedOn, asked.Now);

    public static HolderFacts HolderOf(BlockStory story, ushort offset)
    {
        NumberState state = story.StateOf(offset);
        var timeline = Timeline.Of(state.Reports);
        return HolderFacts.Of(state, timeline, Coverage.Of(story.Ranges().At(offset), timeline));
    }
}
