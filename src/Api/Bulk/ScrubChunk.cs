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
    /// <summary>Of an answer that is held at once: room for the usual chunk's, which never comes near it.</summary>
    private const int AnswerBytesMax = 31 * 1024 * 1024;

    private readonly ScrubWriter _writer = new(context.Format, LineProblems.Explain);
    private int _written; // Lines.

    public ScrubLines Lines => buffers.Lines;

    /// <summary>Of the lines written so far.</summary>
    public ScrubCounts Counts => buffers.Counts;

    /// <summary>Of the lines written last.</summary>
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

    /// <summary>Puts the answers of further lines in the place of those that were taken.</summary>
    /// <returns>False: there are none.</returns>
    public bool WriteMore()
    {
        if (_written == Lines.Count) return false;

        Answer.Clear();
        BulkAnswers answers = buffers.Answers;
        Span<string?> ofRegistry = context.HasRegistry ? answers.OfRegistry : [];
        _written = _writer.Write(
            Chunk.Bytes, Chunk.FirstLine, Lines, _written, buffers.Groups,
            new(answers.Verdicts, answers.Positions, ofRegistry), Answer, AnswerBytesMax, Counts);
        return true;
    }

    private void Write()
    {
        Answer.Clear();
        Counts.Clear();
        _written = 0;
        WriteMore();
    }
}
