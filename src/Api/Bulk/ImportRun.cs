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
    /// Some 400,000 short lines. Rows of one block are written together, and the more of them a chunk has, the fewer
    /// pages are written twice; but of each the ledger makes objects of several times its size.
    /// </summary>
    private const int ChunkBytesMax = 10 * 1024 * 1024;

    /// <summary>One that is recorded, and one that is read meanwhile.</summary>
    private const int ChunksMax = 2;

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
            int room = (int)(context.RowsMax - _rows.RowCount);
            read.Lines.RemoveRange(room, read.Lines.Count - room);
        }

        try
        {
            if (!await context.MayGoOnAsync(order, cancellationToken)) return FileStop.CredentialRevoked;
            await RecordAsync(read);
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

    private async Task RecordAsync(ImportChunk read)
    {
        BulkReply[] replies = await context.Bulk.WriteAsync(RowsOf(read.Lines), order.DryRun, cancellationToken);
        var feeds = new List<BulkReply>();
        foreach (ImportLine line in read.Lines)
        {
            if (line.Content.Said is LedgerEvent.FeedReported feed)
            {
                feeds.Add(order.DryRun ? await JudgeFeedAsync(feed) : await context.ReportFeedAsync(feed));
            }
        }

        // Only now, when all of it is recorded, is any of it counted.
        int row = 0;
        int ofFeed = 0;
        foreach (ImportLine line in read.Lines)
        {
            if (line.Content.Refusal is { } refusal)
            {
                _rows.Refuse(line.Number, refusal, read.Chunk.Bytes[line.Start..line.End]);
                continue;
            }

            BulkReply reply = line.Content.Said is LedgerEvent.FeedReported ? feeds[ofFeed++] : replies[row++];
            if (reply.Refusal is { } no)
            {
                _rows.Refuse(line.Number, LineRefusal.Of(no), read.Chunk.Bytes[line.Start..line.End]);
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

    private static BulkRow[] RowsOf(List<ImportLine> lines)
    {
        var rows = new BulkRow[lines.Count(line => line.Content.Said is not (null or LedgerEvent.FeedReported))];
        int count = 0;
        foreach (ImportLine line in lines)
        {
            if (line.Content.Said is { } said and not LedgerEvent.FeedReported)
            {
                rows[count++] = new BulkRow(line.Content.Number, said);
            }
        }

        return rows;
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
        if (order.CompleteThrough is not { } day || order.DryRun) return null;

        try
        {
            await context.CompleteFeedsAsync(order.Party, day, cancellationToken);
            return null;
        }
        catch (LedgerUnavailableException)
        {
            return FileStop.LedgerUnavailable;
        }
    }
}
