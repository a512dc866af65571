namespace NumberLedger.Faults.Tests;

/// <summary>Compares what stands in the ledger with what was answered while it came there.</summary>
internal static class StandingJudge
{
    /// <summary>The first position is the block's range.</summary>
    private const int FirstPosition = 2;

    /// <summary>
    /// What was acknowledged stands there once, what was refused never, and everything else once or not at all.
    /// </summary>
    /// <param name="told">With the last answer to each, all of them older than what stands.</param>
    public static IEnumerable<string> Untrue(
        IReadOnlyDictionary<Fact, Told> told, IReadOnlyCollection<Stood> standing)
    {
        Dictionary<Fact, int> times = standing.CountBy(stood => stood.Fact).ToDictionary();
        foreach ((Fact fact, (Outcome outcome, _, _)) in told)
        {
            int count = times.GetValueOrDefault(fact);
            if (count > 1) yield return $"{fact} stands there {count} times.";
            if (count == 0 && outcome is Outcome.Yes) yield return $"{fact} was acknowledged, and is lost.";
            if (count > 0 && outcome is Outcome.No) yield return $"{fact} was refused, and stands there.";
        }
    }

    /// <summary>Each check said what the entries up to its position say: anybody can decide it again.</summary>
    /// <param name="steps">Older than what stands.</param>
    public static IEnumerable<string> Replayed(
        IReadOnlyCollection<Step> steps, IReadOnlyCollection<Stood> standing)
    {
        ILookup<int, Stood> byNumber = standing.ToLookup(stood => stood.Fact.Number);
        foreach (Step check in steps.Where(step => step is { Act: Act.Check, Position: > 0 }))
        {
            Stood[] known =
            [
                .. byNumber[check.Number].Where(stood => stood.Position <= check.Position
                    && (stood.Fact.Lender is Lender.Everyone || stood.Fact.Lender == check.Lender)),
            ];
            bool isBound = known.Any(stood => stood.Fact.Kind == Kinds.Bound);
            bool isEnded = known.Any(stood => stood.Fact.Kind != Kinds.Bound);
            if ((check.Outcome is Outcome.Yes) != (isBound && !isEnded))
            {
                yield return $"An answer is not what stands at its position: {check} of {string.Join(", ", known)}";
            }
        }
    }

    /// <summary>Entries of a block follow each other without gaps.</summary>
    /// <param name="standing">Everything, after everybody has stopped.</param>
    public static IEnumerable<string> Misplaced(IReadOnlyCollection<Stood> standing)
    {
        foreach (IGrouping<int, Stood> block in standing.GroupBy(stood => stood.Block))
        {
            long next = FirstPosition;
            foreach (Stood stood in block.OrderBy(stood => stood.Position))
            {
                if (stood.Position != next) yield return $"Nothing, or two, at position {next} of a block: {stood}";
                next = stood.Position + 1;
            }
        }
    }

    /// <summary>
    /// Whatever clocks say, a number's own entries follow each other in time, and nothing of a block was recorded
    /// before what was acknowledged of it before that was sent.
    /// </summary>
    public static IEnumerable<string> Untimely(
        IReadOnlyDictionary<Fact, Told> told, IReadOnlyCollection<Stood> standing) =>
    [
        .. standing.GroupBy(stood => stood.Fact.Number).SelectMany(number => number.OrderBy(stood => stood.Position)
            .Zip(number.OrderBy(stood => stood.Position).Skip(1))
            .Where(pair => pair.Second.RecordedAt < pair.First.RecordedAt)
            .Select(pair => $"A number's time went back: {pair}")),
        .. standing.GroupBy(stood => stood.Block).SelectMany(block => UntimelyOfBlock(told, block)),
    ];

    private static IEnumerable<string> UntimelyOfBlock(IReadOnlyDictionary<Fact, Told> told, IEnumerable<Stood> block)
    {
        (Stood Stood, Told Told)[] known =
        [
            .. block.Where(stood => told.ContainsKey(stood.Fact)).Select(stood => (stood, told[stood.Fact])),
        ];
        (Stood Stood, Told Told)[] acknowledged =
            [.. known.Where(one => one.Told.Outcome is Outcome.Yes).OrderBy(one => one.Told.Answered)];
        DateTimeOffset latest = default;
        int next = 0;
        foreach ((Stood stood, Told when) in known.OrderBy(one => one.Told.Sent))
        {
            for (; next < acknowledged.Length && acknowledged[next].Told.Answered < when.Sent; next++)
            {
                if (acknowledged[next].Stood.RecordedAt > latest) latest = acknowledged[next].Stood.RecordedAt;
            }

            if (stood.RecordedAt < latest) yield return $"A block's time went back from {latest:O}: {stood}";
        }
    }

    /// <param name="seen">What a lender was shown of some numbers.</param>
    /// <param name="standing">Of the same numbers, read after it.</param>
    public static IEnumerable<string> Foreign(
        Lender lender, IReadOnlyCollection<Stood> seen, IReadOnlyCollection<Stood> standing) =>
        seen.Where(stood => stood.Fact.Lender != lender).Select(stood => $"The {lender} lender was shown {stood}")
            .Concat(seen.Except(standing).Select(stood => $"The {lender} lender was shown what does not stand: {stood}"));
}
