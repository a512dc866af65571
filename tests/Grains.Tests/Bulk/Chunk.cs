namespace NumberLedger.Grains.Tests;

/// <summary>One line of a file that is asked.</summary>
internal readonly record struct Asked(PhoneNumber Number, Question Question)
{
    /// <summary>For marketing, on the stored binding.</summary>
    public static Asked Of(PhoneNumber number) => new(number, new(Purposes.Marketing, 0));
}

/// <summary>What a line is answered.</summary>
/// <param name="Position">Of its block.</param>
internal readonly record struct Told(Answer Answer, string? OfRegistry, long Position)
{
    public Verdict Verdict => Answer.Verdict;
    public Reasons Reasons => Answer.Reasons;
}

/// <summary>The questions of some lines, grouped as the API groups them, and asked of a process.</summary>
internal sealed class Chunk
{
    private readonly Asked[] _lines;
    private readonly BlockGroups _groups = new();

    public Chunk(IEnumerable<Asked> asked)
    {
        _lines = [.. asked];
        var lines = new ScrubLines();
        foreach (Asked line in _lines) lines.Add(new(0, 0, line.Number.Digits, line.Question, LineFault.None));
        _groups.Group(lines, static _ => ushort.MaxValue);
    }

    public static Chunk Of(params IEnumerable<PhoneNumber> numbers) => new(numbers.Select(Asked.Of));

    /// <returns>For each line, in their order.</returns>
    public Task<Told[]> CheckAsync(
        OneProcess process, BulkAnswers? answers = null, RegistryRule? rule = null, string lender = The.Lender) =>
        CheckAsync(process.Bulk, answers, rule, lender);

    /// <inheritdoc cref="CheckAsync(OneProcess, BulkAnswers?, RegistryRule?, string)"/>
    public async Task<Told[]> CheckAsync(
        IBulkReader reader, BulkAnswers? answers = null, RegistryRule? rule = null, string lender = The.Lender)
    {
        answers ??= new BulkAnswers();
        await reader.CheckAsync(lender, _groups, rule, answers, TestContext.Current.CancellationToken);
        return [.. Enumerable.Range(0, _lines.Length).Select(line => ToldOf(line, answers, rule))];
    }

    /// <summary>The same, each line by a check of its own.</summary>
    public async Task<Told[]> CheckSinglyAsync(
        OneProcess process, RegistryRule? rule = null, string lender = The.Lender)
    {
        var told = new Told[_lines.Length];
        for (int i = 0; i < told.Length; i++) told[i] = await CheckSinglyAsync(process, _lines[i], rule, lender);
        return told;
    }

    private static async Task<Told> CheckSinglyAsync(
        OneProcess process, Asked asked, RegistryRule? rule, string lender)
    {
        (ushort offset, Question question) = (NumberBlock.OffsetOf(asked.Number), asked.Question);
        BlockReplica replica = process.Replicas.Of(NumberBlock.Of(asked.Number));
        CheckReply reply = await process.Singly.CheckAsync(
            replica, new(lender, [new(offset, question.Purpose, question.ConsentedOn)]));
        CheckAnswer single = Assert.Single(reply.Answers);
        HolderFacts holder = await replica.AskAsync(offset, static (index, offset) => index.HolderOf(offset));
        string? ofRegistry = rule is { } registry && question.ConsentedOn != 0
            ? RegistryAnswers.Of(registry, holder, question.ConsentedOn)
            : null;
        return new(new(single.Verdict, single.Reasons, single.Advisories), ofRegistry, reply.Position);
    }

    private Told ToldOf(int line, BulkAnswers answers, RegistryRule? rule)
    {
        (int group, int place) = (_groups.GroupOf[line], _groups.PlaceOf[line]);
        return new(
            answers.Verdicts[place], rule is null ? null : answers.OfRegistry[place], answers.Positions[group]);
    }
}
