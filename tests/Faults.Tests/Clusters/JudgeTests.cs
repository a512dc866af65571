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

    [Fact]
    public void A_refusal_of_everyone_ends_what_each_lender_has_and_a_lenders_own_ends_nobody_elses()
    {
        Step[] both =
        [
            Of(Act.Bind, Outcome.Yes, 0, 1), Of(Act.Bind, Outcome.Yes, 2, 3, lender: Lender.Second),
            Of(Act.End, Outcome.Yes, 4, 5), Of(Act.Check, Outcome.Yes, 6, 7, lender: Lender.Second),
        ];
        Assert.Empty(Judge.Faults(both));
        Assert.Contains("not known", Fault([.. both[..3], both[3] with { Outcome = Outcome.No }]));
        Assert.Contains("after an end", Fault(
            [.. both[..2], both[2] with { Lender = Lender.Everyone }, both[3]]));
    }

    [Fact]
    public void An_allow_to_who_bound_nothing_is_a_fault() => Assert.Contains(
        "before anything", Fault(
            Of(Act.Bind, Outcome.Yes, 0, 1), Of(Act.Check, Outcome.Yes, 2, 3, lender: Lender.Second)));

    [Theory]
    [InlineData(Outcome.Yes, 1, null)]
    [InlineData(Outcome.Yes, 0, "is lost")]
    [InlineData(Outcome.Yes, 2, "2 times")]
    [InlineData(Outcome.Unknown, 0, null)]
    [InlineData(Outcome.Unknown, 1, null)]
    [InlineData(Outcome.Unknown, 2, "2 times")]
    [InlineData(Outcome.No, 0, null)]
    [InlineData(Outcome.No, 1, "was refused, and stands there")]
    internal void What_was_told_stands_as_it_was_answered(Outcome outcome, int times, string? fault)
    {
        var fact = new Fact(1, Kinds.Bound, Lender.First);

        string[] faults =
        [
            .. StandingJudge.Untrue(
                new Dictionary<Fact, Told> { [fact] = new(outcome, 0, 1) },
                [.. Enumerable.Range(2, times).Select(position => At(position, fact))]),
        ];

        if (fault is null) Assert.Empty(faults);
        else Assert.Contains(fault, Assert.Single(faults));
    }

    [Fact]
    public void An_answer_is_decided_again_as_of_its_position()
    {
        Stood[] standing =
        [
            At(2, new(1, Kinds.Bound, Lender.First)), At(4, new(1, Kinds.OptedOut, Lender.Second)),
            At(5, new(1, Kinds.OptedOut, Lender.Everyone)),
        ];

        foreach ((long position, Outcome outcome) in
            new[] { (1L, Outcome.No), (2, Outcome.Yes), (4, Outcome.Yes), (5, Outcome.No), (6, Outcome.No) })
        {
            Step step = Of(Act.Check, outcome, 0, 1, position);
            Assert.Empty(StandingJudge.Replayed([step], standing));
            Outcome other = outcome is Outcome.Yes ? Outcome.No : Outcome.Yes;
            Assert.Single(StandingJudge.Replayed([step with { Outcome = other }], standing));
        }
    }

    [Fact]
    public void Entries_of_a_block_follow_each_other_in_place()
    {
        Fact one = new(1, Kinds.Bound, Lender.First), two = new(2, Kinds.Bound, Lender.First);

        Assert.Empty(StandingJudge.Misplaced([At(3, two), At(2, one)]));
        Assert.Contains("position 3", Assert.Single(StandingJudge.Misplaced([At(2, one), At(4, two)])));
        Assert.Contains("position 3", Assert.Single(StandingJudge.Misplaced([At(2, one), At(2, two)])));
    }

    [Theory]
    [InlineData(0, 1, 2, true)]
    [InlineData(0, 2, 1, false)]
    public void What_was_recorded_before_something_was_sent_is_never_later_than_it(
        long sent, long answered, long sentThen, bool isFault)
    {
        Fact one = new(1, Kinds.Bound, Lender.First), two = new(2, Kinds.Bound, Lender.First);
        Dictionary<Fact, Told> told = new()
        {
            [one] = new(Outcome.Yes, sent, answered),
            [two] = new(Outcome.Yes, sentThen, 9),
        };

        Assert.Empty(StandingJudge.Untimely(told, [At(2, one), At(3, two)]));
        Assert.Equal(isFault, StandingJudge.Untimely(told, [At(3, one), At(2, two)]).Any());
    }

    [Fact]
    public void A_numbers_own_time_never_goes_back() => Assert.Contains("number's time", Assert.Single(
        StandingJudge.Untimely(new Dictionary<Fact, Told>(),
        [
            At(2, new(1, Kinds.Bound, Lender.First)),
            At(3, new(1, Kinds.OptedOut, Lender.First)) with { RecordedAt = default },
        ])));

    [Fact]
    public void A_lender_is_shown_nothing_of_anothers()
    {
        Stood own = At(2, new(1, Kinds.Bound, Lender.First)), other = At(3, new(1, Kinds.Bound, Lender.Second));

        Assert.Empty(StandingJudge.Foreign(Lender.First, [own], [own, other]));
        Assert.Contains("was shown", Assert.Single(StandingJudge.Foreign(Lender.First, [own, other], [own, other])));
    }

    private static Stood At(long position, Fact fact) => new(
        fact, 0, position, DateTimeOffset.UnixEpoch.AddSeconds(position));

    private static string Fault(params Step[] steps) => Assert.Single(Judge.Faults(steps));

    private static Step Of(
        Act act, Outcome outcome, long invoked, long returned, long position = 0, int number = 1,
        Lender lender = Lender.First) =>
        new(number, 0, act, outcome, invoked, returned, position, 0, lender);
}
