using Orleans.Concurrency;

namespace NumberLedger.Grains;

/// <summary>
/// Validates its index against the block's head, then answers; reads what is missing when it is behind.
/// </summary>
/// <remarks>
/// Reentrant, so that questions share one catch-up instead of queueing for the store; between validation and answer
/// there is no await, so an answer and its position belong together. Ranges are appended here as the block's own
/// record.
/// </remarks>
[GrainType("block"), Reentrant]
internal sealed class BlockGrain(
    ILedgerStore store, StoreCalls calls, HeadReader heads, LedgerWriter writer, Sealer sealer, LedgerClock clock,
    LedgerHealth health, RegistryReplica registry) : Grain, IBlockGrain
{
    /// <summary>Entries of one read. Of about 220 bytes each.</summary>
    private const int PageEntries = 10_000;

    /// <summary>When more tags than this have moved, reading the whole block anew is cheaper than tag by tag.</summary>
    private const int TagsMax = 1_000;

    private BlockIndex? _index;
    private Task? _catchingUp;

    private NumberBlock Block => new(this.GetPrimaryKeyLong());

    public async Task<CheckReply> CheckAsync(CheckQuery query, CancellationToken cancellationToken)
    {
        BlockIndex index = await ValidatedAsync();
        DateTimeOffset now = clock.Now(index.Head.RecordedAt);
        var moment = Moment.At(now);
        var answers = new CheckAnswer[query.Items.Length];
        for (int i = 0; i < answers.Length; i++)
        {
            CheckItem item = query.Items[i];
            var question = new Question(item.Purpose, item.ConsentedOn);
            Answer answer = index.Check(item.Offset, query.Lender, question, moment);
            answers[i] = WithFeed(index, item.Offset, answer, DateOnly.FromDateTime(now.UtcDateTime));
        }

        return new CheckReply(index.Head.Position, now, answers);
    }

    public async Task<RecyclingReply> CheckRecyclingAsync(RecyclingQuery query, CancellationToken cancellationToken)
    {
        BlockIndex index = await ValidatedAsync();
        HolderFacts holder = index.HolderOf(query.Offset);
        return new RecyclingReply(holder.CoveredSince != 0, RegistryAnswers.Camara(holder, query.Day));
    }

    public async Task<BindingListing[]> ListBindingsAsync(BindingsQuery query, CancellationToken cancellationToken)
    {
        BlockIndex index = await ValidatedAsync();
        var numbers = new List<PhoneNumber>();
        IEnumerable<ushort> bound = index.BoundTo(query.Lender).Where(offset => offset >= query.FromOffset);
        foreach (ushort offset in bound.Take(query.CountMax))
        {
            if (Block.TryNumberAt(offset, out PhoneNumber number)) numbers.Add(number);
        }

        if (numbers.Count == 0) return [];

        Pseudonym own = sealer.TagOf(Block);
        Pseudonym[] tags = [own, .. numbers.Select(sealer.TagOf)];
        IReadOnlyList<StoredEntry> stored = await calls.ReadAsync(
            token => store.ReadTagsAsync(Block, tags, token), cancellationToken);
        var moment = Moment.At(clock.Now(index.Head.RecordedAt));
        return calls.Opened(Block, () => List(query.Lender, numbers, stored.ToLookup(entry => entry.Tag), moment));
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

    /// <summary>The index, at or past the head that the store had after the question arrived.</summary>
    private async ValueTask<BlockIndex> ValidatedAsync()
    {
        BlockHead before = _index?.Head ?? default;
        BlockHead head = await heads.ReadAsync(Block);
        if (head.Position < before.Position) throw WentBack();
        if (head.Position == before.Position && head.Hash != before.Hash) throw WentBack();

        while (_index is null || _index.Head.Position < head.Position)
        {
            // Whoever waits shares one reading; a second round is for a head that moved after it began.
            Task reading = _catchingUp ??= CatchUpAsync(head);
            try
            {
                await reading;
            }
            finally
            {
                if (_catchingUp == reading) _catchingUp = null;
            }
        }

        if (_index.Head.Position == head.Position && _index.Head.Hash != head.Hash) throw WentBack();

        return _index;
    }

    private async Task CatchUpAsync(BlockHead head)
    {
        if (_index is { } index && await TryReadTailAsync(index, head)) return;

        List<StoredEntry> all = await ReadEntriesAsync(0, head.Position);
        _index = calls.Opened(Block, () => BlockFold.Fold(Block, sealer, all).ToIndex(Block));
    }

    /// <returns>False: so much has moved that the whole block is read with less work.</returns>
    private async Task<bool> TryReadTailAsync(BlockIndex index, BlockHead head)
    {
        // From the index's own last entry on: a store that went back and was written since holds another one there.
        BlockHead known = index.Head;
        int before = known.Position > 0 ? 1 : 0;
        List<StoredEntry> entries = await ReadEntriesAsync(known.Position - before, head.Position);
        if (before == 1 && entries[0].Hash != known.Hash) throw WentBack();

        List<StoredEntry> tail = entries[before..];
        Pseudonym[] tags = [.. tail.Select(entry => entry.Tag).Distinct()];
        if (tags.Length > TagsMax) return false;

        IReadOnlyList<StoredEntry> ofTags = await calls.ReadAsync(
            token => store.ReadTagsAsync(Block, tags, token), CancellationToken.None);
        try
        {
            return calls.Opened(Block, () =>
            {
                BlockFold.CatchUp(index, sealer, tail, ofTags);
                return true;
            });
        }
        catch
        {
            _index = null; // Half of it may have been put.
            throw;
        }
    }

    /// <summary>
    /// Up to the head and not past it: what the head does not show yet may be younger than the next question's head.
    /// </summary>
    private async Task<List<StoredEntry>> ReadEntriesAsync(long after, long through)
    {
        var entries = new List<StoredEntry>();
        while (after + entries.Count < through)
        {
            int countMax = (int)Math.Min(PageEntries, through - after - entries.Count);
            IReadOnlyList<StoredEntry> page = await calls.ReadAsync(
                token => store.ReadBlockAsync(Block, after + entries.Count, countMax, token), CancellationToken.None);
            if (page.Count == 0)
            {
                throw calls.Damaged(new(Block, through, "the head stands here, but entries end before it."));
            }

            entries.AddRange(page);
        }

        return entries;
    }

    private CheckAnswer WithFeed(BlockIndex index, ushort offset, Answer answer, DateOnly today)
    {
        if (answer.Reasons is Reasons.NoBinding)
        {
            return new(answer.Verdict, answer.Reasons, answer.Advisories, null, null);
        }

        string? carrier = index.CarrierOf(offset);
        Feed? feed = carrier is not null && Block.TryNumberAt(offset, out PhoneNumber number)
            ? registry.Latest.FeedOf(carrier, number)
            : null;
        bool stale = feed?.IsStale(today) is true && (answer.Reasons & Answer.Alone) == Reasons.None;
        Advisories advisories = stale ? answer.Advisories | Advisories.StaleFeed : answer.Advisories;
        return new(answer.Verdict, answer.Reasons, advisories, carrier, feed?.CompleteThrough);
    }

    private BindingListing[] List(
        string lender, List<PhoneNumber> numbers, ILookup<Pseudonym, StoredEntry> stored, Moment moment)
    {
        BlockRanges ranges = BlockFold.FoldRanges(Block, sealer, stored[sealer.TagOf(Block)]);
        return [.. numbers.Select(number =>
        {
            Pseudonym tag = sealer.TagOf(number);
            (ushort offset, NumberState state) = BlockFold.FoldNumber(Block, sealer, tag, stored[tag]);
            LenderBinding binding = state.Bindings[lender];
            (BindingStatus status, Reasons reason) =
                BindingStatuses.Of(state, ranges.At(offset), lender, moment, Block);
            return new BindingListing(number, binding.Claim, binding.ReleasedAt, status, reason);
        })];
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

    private LedgerUnavailableException WentBack()
    {
        _index = null;
        return health.WentBack(Block);
    }
}
