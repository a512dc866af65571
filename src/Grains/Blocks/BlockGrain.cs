using Orleans.Concurrency;

namespace NumberLedger.Grains;

/// <summary>
/// Where a block's index lives in the cluster; answers from it, and appends the block's own record: its ranges.
/// </summary>
/// <remarks>Reentrant, so that a question never queues behind another one's catch-up.</remarks>
[GrainType(GrainKeys.BlockName), Reentrant, LanePlacement]
internal sealed class BlockGrain(
    ILedgerStore store, StoreCalls calls, HeadReader heads, LedgerWriter writer, Sealer sealer, LedgerClock clock,
    BlockReplicas replicas, BlockChecks checks) : Grain, IBlockGrain
{
    private NumberBlock Block => new(this.GetPrimaryKeyLong());

    /// <summary>Asked for anew by every call: it may leave memory between two.</summary>
    private BlockReplica Replica => replicas.Of(Block);

    public Task<CheckReply> CheckAsync(CheckQuery query, CancellationToken cancellationToken) =>
        checks.CheckAsync(Replica, query).AsTask();

    public Task<RecyclingReply> CheckRecyclingAsync(RecyclingQuery query, CancellationToken cancellationToken) =>
        Replica.AskAsync(query, static (index, query) =>
        {
            HolderFacts holder = index.HolderOf(query.Offset);
            return new RecyclingReply(holder.CoveredSince != 0, RegistryAnswers.Camara(holder, query.Day));
        }).AsTask();

    public async Task<BindingListing[]> ListBindingsAsync(BindingsQuery query, CancellationToken cancellationToken)
    {
        var listed = new List<BindingListing>();
        bool isMore = true;
        while (isMore && listed.Count < query.CountMax)
        {
            BindingsQuery rest = query with { CountMax = query.CountMax - listed.Count };
            (PhoneNumber[] numbers, BlockHead head) = await Replica.AskAsync(rest, BoundNumbers);
            if (numbers.Length == 0) break;

            Pseudonym own = sealer.TagOf(Block);
            Pseudonym[] tags = [own, .. numbers.Select(sealer.TagOf)];
            IReadOnlyList<StoredEntry> stored = await calls.ReadAsync(
                token => store.ReadTagsAsync(Block, tags, token), cancellationToken);
            var moment = Moment.At(clock.Now(head.RecordedAt));
            listed.AddRange(calls.Opened(
                Block, () => List(query.Lender, numbers, stored.ToLookup(entry => entry.Tag), moment)));
            isMore = numbers.Length == rest.CountMax;
            query = query with { FromOffset = (ushort)(NumberBlock.OffsetOf(numbers[^1]) + 1) };
        }

        return [.. listed];
    }

    public async Task<CommandReply> JudgeRangeAsync(LedgerEvent.RangeSet range, CancellationToken cancellationToken)
    {
        BlockRanges ranges = await ReadRangesAsync(cancellationToken);
        return ReplyOf(RangeRules.Set(ranges, range));
    }

    public Task<CommandReply> SetRangeAsync(LedgerEvent.RangeSet range, CancellationToken cancellationToken) =>
        RecordAsync(ranges => RangeRules.Set(ranges, range), cancellationToken);

    public Task<CommandReply> EndRangeAsync(LedgerEvent.RangeEnded range, CancellationToken cancellationToken) =>
        RecordAsync(ranges => RangeRules.End(ranges, range), cancellationToken);

    private static (PhoneNumber[] Numbers, BlockHead Head) BoundNumbers(BlockIndex index, BindingsQuery query)
    {
        var numbers = new List<PhoneNumber>();
        foreach (ushort offset in index.BoundTo(query.Lender).SkipWhile(offset => offset < query.FromOffset))
        {
            if (numbers.Count == query.CountMax) break;
            if (index.Block.TryNumberAt(offset, out PhoneNumber number)) numbers.Add(number);
        }

        return ([.. numbers], index.Head);
    }

    /// <returns>Without those that were erased since the index was asked.</returns>
    private List<BindingListing> List(
        string lender, PhoneNumber[] numbers, ILookup<Pseudonym, StoredEntry> stored, Moment moment)
    {
        BlockRanges ranges = BlockFold.FoldRanges(Block, sealer, stored[sealer.TagOf(Block)]);
        var listed = new List<BindingListing>(numbers.Length);
        foreach (PhoneNumber number in numbers)
        {
            Pseudonym tag = sealer.TagOf(number);
            (_, NumberState state) = BlockFold.FoldNumber(Block, sealer, tag, stored[tag]);
            if (!state.Bindings.TryGetValue(lender, out LenderBinding? binding)) continue;

            RangeShare? range = ranges.At(NumberBlock.OffsetOf(number));
            (BindingStatus status, Reasons reason) = BindingStatuses.Of(state, range, lender, moment, Block);
            listed.Add(new BindingListing(number, binding.Claim, binding.ReleasedAt, status, reason));
        }

        return listed;
    }

    private async Task<BlockRanges> ReadRangesAsync(CancellationToken cancellationToken)
    {
        Pseudonym own = sealer.TagOf(Block);
        IReadOnlyList<StoredEntry> stored = await calls.ReadAsync(
            token => store.ReadTagsAsync(Block, [own], token), cancellationToken);
        return calls.Opened(Block, () => BlockFold.FoldRanges(Block, sealer, stored));
    }

    private async Task<CommandReply> RecordAsync(Func<BlockRanges, Decision> rule, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= LedgerWriter.AttemptsMax; attempt++)
        {
            BlockHead head = await heads.ReadAsync(Block);
            BlockRanges ranges = await ReadRangesAsync(cancellationToken);
            Decision decision = rule(ranges);
            if (decision.Happened is not { } happened) return ReplyOf(decision);

            DateTimeOffset now = clock.Now(head.RecordedAt, ranges.RecordedAt);
            Pseudonym own = sealer.TagOf(Block);
            NewEntry entry = writer.Seal(
                Block, own, ranges.Version, ranges.Hash, new EntryContent(now, EntryContent.NoOffset, happened), null);
            AppendResult result = await writer.AppendAsync(Block, [new(own, ranges.Version)], [entry], now);
            if (result.Outcome is AppendOutcome.Appended) return ReplyOf(decision);
        }

        throw new LedgerUnavailableException(
            "Other changes to the ranges of this block kept coming first. Send the request again.");
    }

    private static CommandReply ReplyOf(Decision decision) => new(
        decision.Refusal is not null ? CommandOutcome.Refused
        : decision.Happened is not null ? CommandOutcome.Recorded
        : CommandOutcome.NothingToDo,
        decision.Refusal);
}
