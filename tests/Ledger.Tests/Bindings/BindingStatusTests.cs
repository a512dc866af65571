using CsCheck;
using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

public sealed class BindingStatusTests
{
    [Fact]
    public void A_consent_of_the_present_tenure_is_active() =>
        Assert.Equal((BindingStatus.Active, Reasons.None), StatusOf(ANumber.Covered.Bound(Jan(5))));

    [Fact]
    public void A_consent_of_an_earlier_tenure_is_dead_with_its_reason()
    {
        ANumber bound = ANumber.Covered.Bound(Jan(5));

        Assert.Equal((BindingStatus.Dead, Reasons.Reassigned), StatusOf(bound.Reassigned(Jun(1))));
        Assert.Equal((BindingStatus.Dead, Reasons.Disconnected), StatusOf(bound.Disconnected(Jun(1))));
        Assert.Equal((BindingStatus.Dead, Reasons.Aging), StatusOf(bound.Disconnected(Dec(30))));
        Assert.Equal((BindingStatus.Dead, Reasons.Reassigned), StatusOf(bound.Released().Reassigned(Jun(1))));
    }

    [Fact]
    public void Outside_coverage_a_binding_is_unknown_unless_it_is_known_to_be_dead()
    {
        ANumber bound = ANumber.Uncovered.Bound(Jan(5));

        Assert.Equal((BindingStatus.Unknown, Reasons.None), StatusOf(bound));
        Assert.Equal((BindingStatus.Dead, Reasons.Reassigned), StatusOf(bound.Reassigned(Jun(1))));
    }

    [Fact]
    public void A_status_says_what_a_check_would_say_of_the_binding() => Gen.Select(
        Histories.StoryOfOneNumber(14), Histories.Question(0).Array[8])
        .Sample((story, questions) =>
        {
            foreach (Asked asked in questions.Select(asked => asked with { ConsentedOn = null }))
            {
                Reasons said = Replay.Decide(story, asked).Reasons;
                (BindingStatus, Reasons) expected = (said & Answer.Alone) switch
                {
                    Reasons.NoBinding => (BindingStatus.None, Reasons.None),
                    not Reasons.None => (BindingStatus.Dead, said),
                    _ when said.HasFlag(Reasons.Released) => (BindingStatus.Released, Reasons.None),
                    _ when said.HasFlag(Reasons.NoCoverage) => (BindingStatus.Unknown, Reasons.None),
                    _ => (BindingStatus.Active, Reasons.None),
                };
                Assert.Equal(expected, BindingStatuses.Of(
                    story.StateOf(0), story.Ranges().At(0), asked.Lender, asked.Moment, story.Block));
            }
        }, iter: 3_000);

    private static (BindingStatus, Reasons) StatusOf(ANumber number) => BindingStatuses.Of(
        number.State, number.Story.Ranges().At(1_234), ANumber.Lender, Moment.At(Noon(Dec(31))), number.Story.Block);
}
