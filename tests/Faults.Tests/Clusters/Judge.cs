namespace NumberLedger.Faults.Tests;

/// <summary>What a history must not show, whatever was broken meanwhile.</summary>
/// <remarks>
/// Requests overlap, so an answer counts from when it had come and a question from when it was sent: only what is
/// certain is held against the ledger. A sweep over the requests of each number, and of each block, in the order of
/// their beginnings, with what had returned before: O(n log n).
/// </remarks>
internal static class Judge
{
    /// <returns>One line for each fault.</returns>
    public static List<string> Faults(IReadOnlyCollection<Step> steps) =>
    [
        .. steps.GroupBy(step => step.Number).SelectMany(OfNumber),
        .. steps.Where(step => step.Position > 0).GroupBy(step => step.Block).SelectMany(OfBlock),
    ];

    /// <summary>What no lender's own part may show is another's: each is judged by what concerns it alone.</summary>
    private static IEnumerable<string> OfNumber(IGrouping<int, Step> number)
    {
        ILookup<Lender, Step> byLender = number.ToLookup(step => step.Lender);
        return byLender.Where(lender => lender.Key is not Lender.Everyone)
            .SelectMany(lender => OfLender([.. lender, .. byLender[Lender.Everyone]]));
    }

    private static IEnumerable<string> OfLender(Step[] steps)
    {
        long ended = steps.Where(step => step is { Act: Act.End, Outcome: Outcome.Yes })
            .Select(step => step.Returned).DefaultIfEmpty(long.MaxValue).Min();
        long maybeEnded = steps.Where(step => step is { Act: Act.End, Outcome: not Outcome.No })
            .Select(step => step.Invoked).DefaultIfEmpty(long.MaxValue).Min();
        long bound = steps.Where(step => step is { Act: Act.Bind, Outcome: Outcome.Yes })
            .Select(step => step.Returned).DefaultIfEmpty(long.MaxValue).Min();
        long maybeBound = steps.Where(step => step is { Act: Act.Bind, Outcome: not Outcome.No })
            .Select(step => step.Invoked).DefaultIfEmpty(long.MaxValue).Min();
        foreach (Step check in steps.Where(step => step.Act is Act.Check))
        {
            if (check.Outcome is Outcome.Yes && ended < check.Invoked)
            {
                yield return $"A wrong allow, after an end that was acknowledged: {check}";
            }

            if (check.Outcome is Outcome.Yes && check.Returned < maybeBound)
            {
                yield return $"A wrong allow, before anything was bound: {check}";
            }

            if (check.Outcome is Outcome.No && bound < check.Invoked && check.Returned < maybeEnded)
            {
                yield return $"A binding that was acknowledged is not known: {check}";
            }
        }
    }

    /// <summary>What one answer has seen of a block, every question after it sees too.</summary>
    private static IEnumerable<string> OfBlock(IGrouping<int, Step> block)
    {
        Step[] begun = [.. block.OrderBy(step => step.Invoked)];
        Step[] ended = [.. block.OrderBy(step => step.Returned)];
        long seen = 0;
        int next = 0;
        foreach (Step step in begun)
        {
            for (; next < ended.Length && ended[next].Returned < step.Invoked; next++)
            {
                seen = Math.Max(seen, ended[next].Position);
            }

            if (step.Position < seen) yield return $"A block went back from position {seen}: {step}";
        }
    }
}
