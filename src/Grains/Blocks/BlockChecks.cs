namespace NumberLedger.Grains;

/// <summary>Answers checks: what a block's index lacks is the time, and the carriers' feeds.</summary>
internal sealed class BlockChecks
{
    private readonly LedgerClock _clock;
    private readonly RegistryReplica _registry;
    private readonly Func<BlockIndex, CheckQuery, CheckReply> _check;

    public BlockChecks(LedgerClock clock, RegistryReplica registry)
    {
        _clock = clock;
        _registry = registry;
        _check = Check; // Once: it is asked for every message that anybody sends.
    }

    public async ValueTask<CheckReply> CheckAsync(BlockReplica block, CheckQuery query)
    {
        KnownRegistry known = _registry.Known;
        CheckReply reply = await block.AskAsync(query, _check);
        RegistryState state = await _registry.ReadSinceAsync(known); // Mostly in the same read of heads.
        return ReferenceEquals(state, known.State) ? reply : await block.AskAsync(query, _check);
    }

    private CheckReply Check(BlockIndex index, CheckQuery query)
    {
        DateTimeOffset now = _clock.Now(index.Head.RecordedAt);
        var moment = Moment.At(now);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var answers = new CheckAnswer[query.Items.Length];
        for (int i = 0; i < answers.Length; i++)
        {
            CheckItem item = query.Items[i];
            var question = new Question(item.Purpose, item.ConsentedOn);
            answers[i] = WithFeed(index, item.Offset, index.Check(item.Offset, query.Lender, question, moment), today);
        }

        return new CheckReply(index.Head.Position, now, answers);
    }

    private CheckAnswer WithFeed(BlockIndex index, ushort offset, Answer answer, DateOnly today)
    {
        if (answer.Reasons is Reasons.NoBinding)
        {
            return new(answer.Verdict, answer.Reasons, answer.Advisories, null, null);
        }

        string? carrier = index.CarrierOf(offset);
        Feed? feed = carrier is not null && index.Block.TryNumberAt(offset, out PhoneNumber number)
            ? _registry.Latest.FeedOf(carrier, number)
            : null;
        bool stale = feed?.IsStale(today) is true && (answer.Reasons & Answer.Alone) == Reasons.None;
        Advisories advisories = stale ? answer.Advisories | Advisories.StaleFeed : answer.Advisories;
        return new(answer.Verdict, answer.Reasons, advisories, carrier, feed?.CompleteThrough);
    }
}
