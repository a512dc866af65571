using System.Collections.Immutable;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>Takes one file that writes: chunk after chunk, all blocks of a chunk at once.</summary>
/// <remarks>
/// The rows of a chunk are durable before the next one's are begun, so those of one number are recorded in the order of
/// the file, and whatever ends the file, everything up to its checkpoint is recorded.
/// </remarks>
internal sealed class ImportRun(
    ImportContext context, FileOrder order, FileProgress progress, CancellationToken cancellationToken)
{
    /// <summary>
    /// Some 350,000 short lines. Rows of one block are written together: the more of them a chunk has, the fewer pages
    /// are written twice.
    /// </summary>
    private const int ChunkBytesMax = 16 * 1024 * 1024;

    /// <summary>One that is recorded, and one that is read meanwhile.</summary>
    private const int ChunksMax = 2;

    /// <summary>Of refused rows that are gathered before they are written.</summary>
    private const int AnswerBytesMax = 1024 * 1024;

    private readonly ImportAnswer _rows = new(order.Out, progress.Checkpoint.Counts);
    private ImportHeader? _header;
    private RegistryState? _registryAfter; // What a dry run would have left.

    public async Task RunAsync(IRowShape shape, Stream input, Stream output)
    {
        var reader = new ChunkReader(input, order.In, progress.Checkpoint, ChunkBytesMax);
        var chunk = new FileChunk();
        await reader.ReadFirstAsync(chunk, cancellationToken);
        _header = ImportHeader.Read(order, shape, progress.Checkpoint, chunk.Bytes);
        chunk.Skip(_header.Length);

        var answer = new FileAnswer(output, order.Out, progress);
        if (answer.BytesWritten == 0) _rows.WriteHeader();
        await WriteAsync(answer);
        FileStop? stop = await ChunkPipeline.RunAsync(
            reader, new ImportChunk(_header.Reader, chunk), () => new ImportChunk(_header.Reader, new FileChunk()),
            read => TakeAsync(read, answer), ChunksMax, cancellationToken);
        stop ??= await CompleteAsync();
        await answer.EndAsync(_rows.Counts, order.DryRun ? [FileRequest.DryRun] : [], stop, cancellationToken);
    }

    private async ValueTask<FileStop?> TakeAsync(ImportChunk read, FileAnswer answer)
    {
        bool isFull = _rows.RowCount + read.Lines.Count > context.RowsMax;
        if (isFull)
        {
            read.CutTo((int)(context.RowsMax - _rows.RowCount));
        }

        try
        {
            if (!await context.MayGoOnAsync(order, cancellationToken)) return FileStop.CredentialRevoked;
            await RecordAsync(read, answer);
        }
        catch (LedgerUnavailableException)
        {
            return FileStop.LedgerUnavailable;
        }

        await WriteAsync(answer);
        await progress.ReachAsync(progress.Checkpoint with
        {
            BytesRead = read.Chunk.BytesThrough,
            Lines = read.Chunk.FirstLine + read.Chunk.Lines - 1,
            BytesWritten = answer.BytesWritten,
            Header = _header!.Line,
            Counts = _rows.Counts.ToImmutableSortedDictionary(StringComparer.Ordinal),
        });
        return isFull ? FileStop.RowsMax : null;
    }

    private async Task RecordAsync(ImportChunk read, FileAnswer answer)
    {
        BulkReply[] replies = await context.Bulk.WriteAsync(read, order.DryRun, cancellationToken);
        var feeds = new Queue<BulkReply>();
        foreach (ImportLine line in read.Lines)
        {
            if (line.IsOfNumber || line.Refusal is not null) continue;

            cancellationToken.ThrowIfCancellationRequested();
            var feed = (LedgerEvent.FeedReported)read.SaidBy(line);
            feeds.Enqueue(order.DryRun ? await JudgeFeedAsync(feed) : await context.ReportFeedAsync(feed));
        }

        // Only now, when all of it is recorded, is any of it counted.
        int row = 0;
        foreach (ImportLine line in read.Lines)
        {
            BulkReply reply = line.Refusal is not null ? default
                : line.IsOfNumber ? replies[row++]
                : feeds.Dequeue();
            LineRefusal? refusal = line.Refusal ?? (reply.Refusal is { } no ? LineRefusal.Of(no) : null);
            if (refusal is not null)
            {
                _rows.Refuse(line.Line, refusal, read.Chunk.Bytes[line.Start..line.End]);
                if (_rows.Buffer.Length > AnswerBytesMax) await WriteAsync(answer);
            }
            else if (reply.Outcome is CommandOutcome.Recorded)
            {
                _rows.CountRecorded();
            }
            else
            {
                _rows.CountDuplicate();
            }
        }
    }

    private async Task<BulkReply> JudgeFeedAsync(LedgerEvent.FeedReported feed)
    {
        RegistryState state = _registryAfter ??= await context.ReadRegistryAsync(cancellationToken);
        Decision decision = RegistryRules.ReportFeed(state, feed, context.TodayUtc);
        if (decision.Refusal is { } refusal) return new(CommandOutcome.Refused, refusal);
        if (decision.Happened is null) return new(CommandOutcome.NothingToDo, null);

        CarrierFeeds feeds = state.Feeds.GetValueOrDefault(feed.Carrier, CarrierFeeds.None).Report(feed);
        _registryAfter = state with { Feeds = state.Feeds.SetItem(feed.Carrier, feeds) };
        return new(CommandOutcome.Recorded, null);
    }

    private async ValueTask WriteAsync(FileAnswer answer)
    {
        await answer.WriteAsync(_rows.Buffer.Written, cancellationToken);
        _rows.Buffer.Clear();
    }

    /// <summary>
    /// The whole file was taken: the feed of each of the carrier's ranges is complete through the day.
    /// </summary>
    private async Task<FileStop?> CompleteAsync()
    {
        if (order.CompleteThrough is not { } day) return null;
        if (_rows.Refused > 0) return FileStop.FeedIncomplete;
        if (order.DryRun) return null;

        try
        {
            Refusal? refused = await context.CompleteFeedsAsync(order.Party, day, cancellationToken);
            return refused is { } refusal ? FileStop.Of(LineRefusal.Of(refusal)) : null;
        }
        catch (LedgerUnavailableException)
        {
            return FileStop.LedgerUnavailable;
        }
    }
}
