namespace NumberLedger.Faults.Tests;

/// <summary>The judge of histories is judged first.</summary>
public sealed class JudgeTests
{
    [Fact]
    public void A_life_as_it_should_be_has_no_fault() => Assert.Empty(Judge.Faults(
    [
        Of(Act.Check, Outcome.No, 0, 5),
        Of(Act.Bind, Outcome.Yes, 10, 20),
        Of(Act.Check, Outcome.Yes, 30, 40, position: 1),
        Of(Act.End, Outcome.Yes, 50, 60),
        Of(Act.Check, Outcome.No, 70, 80, position: 2),
    ]));

    [Fact]
    public void An_allow_that_was_asked_for_after_an_end_was_acknowledged_is_a_fault() => Assert.Contains(
        "after an end", Fault(
            Of(Act.Bind, Outcome.Yes, 0, 1), Of(Act.End, Outcome.Yes, 50, 60), Of(Act.Check, Outcome.Yes, 61, 70)));

    [Fact]
    public void An_allow_that_was_asked_for_before_the_acknowledgement_came_is_none() => Assert.Empty(Judge.Faults(
    [
        Of(Act.Bind, Outcome.Yes, 0, 1), Of(Act.End, Outcome.Yes, 50, 60), Of(Act.Check, Outcome.Yes, 59, 90),
    ]));

    [Fact]
    public void After_an_end_of_which_nobody_knows_both_answers_are_right() => Assert.Empty(Judge.Faults(
    [
        Of(Act.Bind, Outcome.Yes, 0, 1), Of(Act.End, Outcome.Unknown, 50, 60), Of(Act.Check, Outcome.Yes, 61, 70),
        Of(Act.Check, Outcome.No, 71, 80),
    ]));

    [Fact]
    public void An_end_that_was_sent_again_counts_from_its_first_acknowledgement() => Assert.Contains(
        "after an end", Fault(
            Of(Act.Bind, Outcome.Yes, 0, 1), Of(Act.End, Outcome.Unknown, 50, 60), Of(Act.End, Outcome.Yes, 61, 65),
            Of(Act.End, Outcome.Yes, 80, 90), Of(Act.Check, Outcome.Yes, 70, 75)));

    [Fact]
    public void An_allow_before_anything_was_bound_is_a_fault() => Assert.Contains(
        "before anything", Fault(Of(Act.Check, Outcome.Yes, 0, 5), Of(Act.Bind, Outcome.Yes, 10, 20)));

    [Fact]
    public void A_binding_that_was_acknowledged_and_is_denied_is_a_fault() => Assert.Contains(
        "not known", Fault(Of(Act.Bind, Outcome.Yes, 10, 20), Of(Act.Check, Outcome.No, 21, 30)));

    [Fact]
    public void Of_one_number_nothing_is_held_against_another() => Assert.Empty(Judge.Faults(
    [
        Of(Act.Bind, Outcome.Yes, 0, 1, number: 1), Of(Act.End, Outcome.Yes, 2, 3, number: 1),
        Of(Act.Bind, Outcome.Yes, 0, 1, number: 2), Of(Act.Check, Outcome.Yes, 4, 5, number: 2),
    ]));

    [Fact]
    public void A_block_that_was_seen_at_a_position_is_never_seen_before_it() => Assert.Contains(
        "went back", Fault(
            Of(Act.Check, Outcome.Unknown, 0, 10, position: 5, number: 1),
            Of(Act.Check, Outcome.Unknown, 11, 20, position: 4, number: 2)));

    [Fact]
    public void Of_two_checks_at_once_either_may_be_the_earlier() => Assert.Empty(Judge.Faults(
    [
        Of(Act.Check, Outcome.Unknown, 0, 10, position: 5, number: 1),
        Of(Act.Check, Outcome.Unknown, 9, 20, position: 4, number: 2),
    ]));

    private static string Fault(params Step[] steps) => Assert.Single(Judge.Faults(steps));

    private static Step Of(
        Act act, Outcome outcome, long invoked, long returned, long position = 0, int number = 1) =>
        new(number, 0, act, outcome, invoked, returned, position, 0);
}
