using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>What all chunks of one scrub share.</summary>
internal sealed class ScrubContext(
    FileOrder order, ScrubHeader header, IBulkReader blocks, IRegistryReader registry, TimeProvider time)
{
    private readonly ScrubCsvReader? _csv = header.Columns is { } columns ? new(columns, DefaultsOf(order)) : null;

    private readonly ScrubNdjsonReader? _ndjson =
        header.Columns is null ? new(DefaultsOf(order), ScrubHeader.Members(order.Rule)) : null;

    public IScrubLineFormat Format => header.Format;

    public void Read(FileChunk chunk, ScrubLines lines)
    {
        _csv?.Read(chunk.Buffer, chunk.Length, lines);
        _ndjson?.Read(chunk.Bytes, lines);
    }

    public ushort LatestDay(NumberBlock block) =>
        Days.Pack(Country.Of(block).LatestDay(time.GetUtcNow() + BindingRules.Grace));

    /// <summary>The key is still live.</summary>
    public async ValueTask<bool> MayGoOnAsync(CancellationToken cancellationToken) =>
        (await registry.ReadAsync(cancellationToken)).LiveKey(order.KeyId) is not null;

    public ValueTask CheckAsync(BlockGroups questions, BulkAnswers answers, CancellationToken cancellationToken) =>
        blocks.CheckAsync(order.Party, questions, order.Rule, answers, cancellationToken);

    public bool HasRegistry => order.Rule is not null;

    private static ScrubDefaults DefaultsOf(FileOrder order) =>
        new(order.Purpose, (order.Region is { } region ? NumberReader.Of(region) : NumberReader.E164).Read);
}

/// <summary>One chunk of a scrub: read, grouped, checked, written.</summary>
internal sealed class ScrubChunk(ScrubContext context, ScrubBuffers buffers) : ChunkWork(buffers.Chunk)
{
    private readonly ScrubWriter _writer = new(context.Format, LineProblems.Explain);

    public ScrubLines Lines => buffers.Lines;
    public ScrubCounts Counts => buffers.Counts;
    public AnswerBuffer Answer => buffers.Answer;

    public override async ValueTask<FileStop?> WorkAsync(CancellationToken cancellationToken)
    {
        Lines.Clear();
        context.Read(Chunk, Lines);
        buffers.Groups.Group(Lines, context.LatestDay);
        try
        {
            if (!await context.MayGoOnAsync(cancellationToken)) return FileStop.CredentialRevoked;
            await context.CheckAsync(buffers.Groups, buffers.Answers, cancellationToken);
        }
        catch (LedgerUnavailableException)
        {
            return FileStop.LedgerUnavailable;
        }

        Write();
        return null;
    }

    /// <summary>Anew, and only so many lines.</summary>
    public void WriteFirst(int lines)
    {
        Lines.Truncate(lines);
        Write();
    }

    private void Write()
    {
        Answer.Clear();
        Counts.Clear();
        BulkAnswers answers = buffers.Answers;
        Span<string?> ofRegistry = context.HasRegistry ? answers.OfRegistry : [];
        _writer.Write(
            Chunk.Bytes, Chunk.FirstLine, Lines, buffers.Groups,
            new(answers.Verdicts, answers.Positions, ofRegistry), Answer, Counts);
    }
}
