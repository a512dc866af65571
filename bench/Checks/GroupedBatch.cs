namespace NumberLedger.Bench;

/// <summary>Random questions, grouped by block with a counting sort and answered block by block.</summary>
internal sealed class GroupedBatch
{
    private readonly BlockIndex[] _blocks;
    private readonly (int Block, ushort Offset)[] _numbers;

    public GroupedBatch(BlockIndex[] blocks, int questions, int seed)
    {
        _blocks = blocks;
        var random = new Random(seed);
        _numbers = new (int, ushort)[questions];
        for (int i = 0; i < questions; i++)
        {
            _numbers[i] = (random.Next(blocks.Length), (ushort)random.Next(NumberBlock.NumbersPerBlock));
        }
    }

    /// <returns>How many were allowed, over all threads; each takes an equal share of the questions.</returns>
    public long Run(int threads)
    {
        long allowed = 0;
        int share = _numbers.Length / threads;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
            Interlocked.Add(ref allowed, Check(_numbers.AsSpan(thread * share, share))));
        return allowed;
    }

    private long Check(ReadOnlySpan<(int Block, ushort Offset)> numbers)
    {
        int[] ends = new int[_blocks.Length];
        foreach ((int block, _) in numbers) ends[block]++;
        for (int i = 1; i < ends.Length; i++) ends[i] += ends[i - 1];

        ushort[] offsets = new ushort[numbers.Length];
        // Where the answer belongs: answers are given in the order of the questions.
        int[] places = new int[numbers.Length];
        for (int i = numbers.Length - 1; i >= 0; i--)
        {
            int at = --ends[numbers[i].Block];
            offsets[at] = numbers[i].Offset;
            places[at] = i;
        }

        var question = new Question(Purposes.Marketing, 0);
        var moment = Moment.At(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Question[] questions = new Question[numbers.Length];
        Array.Fill(questions, question);
        Answer[] answers = new Answer[numbers.Length];
        for (int block = 0; block < _blocks.Length; block++)
        {
            int from = ends[block];
            int to = block + 1 < ends.Length ? ends[block + 1] : numbers.Length;
            if (from == to) continue;
            _blocks[block].Check(
                offsets.AsSpan(from, to - from), SampleBlocks.Lender, questions.AsSpan(from, to - from), moment,
                answers.AsSpan(from, to - from));
        }

        Verdict[] verdicts = new Verdict[numbers.Length];
        long allowed = 0;
        for (int i = 0; i < answers.Length; i++)
        {
            verdicts[places[i]] = answers[i].Verdict;
            if (answers[i].Verdict is Verdict.Allow) allowed++;
        }

        return allowed;
    }
}
