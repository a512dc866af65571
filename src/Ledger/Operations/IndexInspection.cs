using System.Collections.Immutable;

namespace NumberLedger;

/// <summary>Asks an index what a replay of the entries answers, for every number and lender of a block.</summary>
/// <remarks>
/// Questions are the days on which an answer may turn: every boundary, consent and refusal of the number, the range's
/// first day, and the days around them; every purpose; now, and around every expiry. Once for an index that was built
/// in one go, once for one that was built from the first half of the entries and brought up with the second.
/// </remarks>
public sealed class IndexInspection
{
    /// <summary>A lender that nobody has heard of.</summary>
    private const string Stranger = "";

    private static readonly ImmutableArray<Purposes> EachPurpose =
        [Purposes.Marketing, Purposes.Servicing, Purposes.Collection, Purposes.Verification];

    private readonly NumberBlock _block;
    private readonly BlockFold.Block _folded;
    private readonly Moment _now;
    private readonly ImmutableArray<string> _lenders;
    private readonly int _agingDaysMin;

    private IndexInspection(NumberBlock block, BlockFold.Block folded, Moment now)
    {
        _block = block;
        _folded = folded;
        _now = now;
        _agingDaysMin = Country.Of(block).AgingDaysMin;
        _lenders =
            [Stranger, .. folded.Numbers.Values.SelectMany(number => LenderFacts.LendersOf(number.State)).Distinct()];
    }

    /// <param name="entries">All of the block, found sound by <see cref="BlockInspection"/>.</param>
    public static IReadOnlyList<Finding> Judge(
        NumberBlock block, Sealer sealer, IReadOnlyList<StoredEntry> entries, DateTimeOffset now)
    {
        try
        {
            BlockFold.Block folded = BlockFold.Fold(block, sealer, entries);
            return
            [
                .. Compare(folded.ToIndex(block), folded, now, "the index"),
                .. Compare(CaughtUp(block, sealer, entries), folded, now, "an index brought up to date"),
            ];
        }
        catch (BrokenLedgerException broken)
        {
            return [new Finding(block, broken.Position, FindingKind.FoldFails, $"its entries do not fold: {broken.Message}")];
        }
        catch (Exception surprise) when (surprise is not OutOfMemoryException)
        {
            return [new Finding(block, null, FindingKind.FoldFails, $"its entries do not fold: {surprise.GetType().Name}.")];
        }
    }

    /// <param name="which">The index, in words.</param>
    internal static IEnumerable<Finding> Compare(
        BlockIndex index, BlockFold.Block folded, DateTimeOffset now, string which) =>
        new IndexInspection(index.Block, folded, Moment.At(now)).Compare(index, which);

    private static BlockIndex CaughtUp(NumberBlock block, Sealer sealer, IReadOnlyList<StoredEntry> entries)
    {
        int half = entries.Count / 2;
        BlockIndex index = BlockFold.Fold(block, sealer, [.. entries.Take(half)]).ToIndex(block);
        StoredEntry[] tail = [.. entries.Skip(half)];
        var moved = tail.Select(entry => entry.Tag).ToHashSet();
        StoredEntry[] ofTags = [.. entries.Where(entry => moved.Contains(entry.Tag)).OrderBy(entry => entry.Version)];
        index.Put(BlockFold.FoldTail(block, sealer, index.Head, tail, ofTags));
        return index;
    }

    /// <returns>At most one finding: a fault of an index seldom comes alone.</returns>
    private IEnumerable<Finding> Compare(BlockIndex index, string which)
    {
        if (index.Head != _folded.Head)
        {
            yield return Differs(_folded.Head.Position, $"{which} is not at the last entry.");
        }

        var known = new bool[NumberBlock.NumbersPerBlock];
        foreach ((ushort offset, NumberState state) in _folded.Numbers.Values)
        {
            if (offset == EntryContent.NoOffset) continue;

            known[offset] = true;
            if (AnswersAlike(index, offset, state)) continue;

            yield return Differs(
                null, $"{which} answers otherwise than a replay, for a number with {state.Version} entries.");
            yield break;
        }

        if (!KnowsNothingElse(index, known))
        {
            yield return Differs(null, $"{which} knows of a number that has no entry.");
        }
    }

    private bool AnswersAlike(BlockIndex index, ushort offset, NumberState state)
    {
        RangeShare? range = _folded.Ranges.At(offset);
        Timeline timeline = Timeline.Of(state.Reports);
        HolderFacts holder = HolderFacts.Of(state, timeline, Coverage.Of(range, timeline));
        ushort[] days = [0, .. DaysOf(state, range).SelectMany(day => new[] { day.AddDays(-1), day, day.AddDays(1) })
            .Where(Days.CanHold).Distinct().Select(Days.Pack)];
        Moment[] moments = [_now, .. MomentsOf(state)];
        ImmutableHashSet<string> own = LenderFacts.LendersOf(state).Add(Stranger);
        return _lenders.All(lender =>
        {
            LenderFacts facts = LenderFacts.Of(state, timeline, lender);
            // To a lender without anything here the number is as to the stranger, who is asked about every day.
            ushort[] asked = own.Contains(lender) ? days : days[..Math.Min(2, days.Length)];
            return (
                from moment in moments
                from day in asked
                from purpose in EachPurpose
                select (Moment: moment, Question: new Question(purpose, day)))
                .All(ask => index.Check(offset, lender, ask.Question, ask.Moment)
                    == VerdictRules.Decide(holder, facts, ask.Question, ask.Moment, _agingDaysMin));
        });
    }

    private bool KnowsNothingElse(BlockIndex index, bool[] known)
    {
        for (int offset = 0; offset < known.Length; offset++)
        {
            if (known[offset]) continue;

            Coverage coverage = Coverage.Of(_folded.Ranges.At((ushort)offset), Timeline.Empty);
            HolderFacts nothing = HolderFacts.Of(NumberState.Empty, Timeline.Empty, coverage);
            if (index.HolderOf((ushort)offset) != nothing) return false;
            foreach (string lender in _lenders)
            {
                if (index.LenderOf((ushort)offset, lender) != default) return false;
            }
        }

        return true;
    }

    private static IEnumerable<DateOnly> DaysOf(NumberState state, RangeShare? range) =>
    [
        .. state.Reports.Select(report => report.On).OfType<DateOnly>(),
        .. state.Bindings.Values.Select(binding => binding.Claim.ConsentedOn),
        .. state.Refusals.Select(OptOutRules.DayOf),
        .. range is null ? [] : new[] { range.TrackedSince },
    ];

    private IEnumerable<Moment> MomentsOf(NumberState state) =>
        from binding in state.Bindings.Values
        let expiresAt = binding.Claim.ExpiresAt
        where expiresAt is not null
        from unixMs in new[] { expiresAt.Value.ToUnixTimeMilliseconds() - 1, expiresAt.Value.ToUnixTimeMilliseconds() }
        select _now with { UnixMs = unixMs };

    private Finding Differs(long? position, string problem) => new(_block, position, FindingKind.IndexDiffers, problem);
}
