namespace NumberLedger.Grains;

/// <summary>
/// Walks the blocks of a chunk in this process: no call between grains, the heads of all read before.
/// </summary>
internal sealed class BulkReader(
    BlockReplicas replicas, ILedgerStore store, StoreCalls calls, LedgerClock clock, StaleFeeds feeds)
    : IBulkReader
{
    /// <summary>Blocks that are opened by one read of snapshots.</summary>
    private const int BlocksPerRun = 128;

    /// <summary>
    /// Of one read, which has a deadline: not every store reads the heads of all blocks of a country in one.
    /// </summary>
    private const int HeadsPerRead = 1_000;

    private static readonly ParallelOptions RunsAtOnce = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    public async ValueTask CheckAsync(
        string lender, BlockGroups questions, RegistryRule? rule, BulkAnswers answers,
        CancellationToken cancellationToken)
    {
        answers.Reserve(questions, rule is not null);
        var opened = new (BlockReplica Replica, BlockHead Before)[questions.Count];
        for (int i = 0; i < opened.Length; i++)
        {
            BlockReplica replica = replicas.Of(questions.Block(i));
            opened[i] = (replica, replica.Head); // Before the store's heads are read: a store that went back shows.
        }

        NumberBlock[] blocks = questions.Blocks.ToArray();
        var heads = new List<BlockHead>(blocks.Length);
        foreach (NumberBlock[] some in blocks.Chunk(HeadsPerRead))
        {
            heads.AddRange(await calls.HeadsAsync(token => store.ReadHeadsAsync(some, token)));
        }

        List<int>? behind = null;
        for (int i = 0; i < opened.Length; i++)
        {
            (BlockReplica replica, BlockHead before) = opened[i];
            if (replica.TryAsk(before, heads[i], QueryOf(i), Ask, out _)) opened[i] = default;
            else (behind ??= []).Add(i);
        }

        if (behind is null) return;

        behind.Sort((a, b) => blocks[a].CompareTo(blocks[b])); // As they lie on the disk.
        await Parallel.ForEachAsync(behind.Chunk(BlocksPerRun), RunsAtOnce, async (run, _) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            await replicas.PrefetchAsync([.. run.Select(i => (opened[i].Replica, heads[i]))], cancellationToken);
            foreach (int i in run)
            {
                (BlockReplica replica, BlockHead before) = opened[i];
                await replica.AskAsync(before, heads[i], QueryOf(i), Ask);
                opened[i] = default; // The ceiling of memory counts only what it can let go.
            }
        });

        Query QueryOf(int group) => new(lender, questions, group, rule, answers);
    }

    /// <summary>The same for questions that another process asks.</summary>
    public async ValueTask<LaneReply> AnswerAsync(LaneQuery query, CancellationToken cancellationToken)
    {
        BlockGroups questions = LaneBytes.UnpackQuestions(query.Questions);
        var answers = new BulkAnswers();
        await CheckAsync(query.Lender, questions, query.Rule, answers, cancellationToken);
        return new(LaneBytes.PackAnswers(questions, answers, query.Rule is not null));
    }

    private bool Ask(BlockIndex index, Query query)
    {
        DateTimeOffset now = clock.Now(index.Head.RecordedAt);
        ReadOnlySpan<ushort> offsets = query.Questions.OffsetsOf(query.Group);
        ReadOnlySpan<Question> questions = query.Questions.QuestionsOf(query.Group);
        Range places = query.Questions.Places(query.Group);
        Span<Answer> verdicts = query.Answers.Verdicts[places];
        index.Check(offsets, query.Lender, questions, Moment.At(now), verdicts);
        feeds.Mark(index, offsets, verdicts, DateOnly.FromDateTime(now.UtcDateTime));
        if (query.Rule is { } rule)
        {
            Span<string?> ofRegistry = query.Answers.OfRegistry[places];
            for (int i = 0; i < offsets.Length; i++)
            {
                ushort day = questions[i].ConsentedOn;
                ofRegistry[i] = day == 0 ? null : RegistryAnswers.Of(rule, index.HolderOf(offsets[i]), day);
            }
        }

        query.Answers.Positions[query.Group] = index.Head.Position;
        return true;
    }

    private readonly record struct Query(
        string Lender, BlockGroups Questions, int Group, RegistryRule? Rule, BulkAnswers Answers);
}
