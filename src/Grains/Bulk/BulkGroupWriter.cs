using Microsoft.Extensions.Logging;

namespace NumberLedger.Grains;

/// <summary>Writes one group: read, decide by the rules, seal, append in one transaction.</summary>
/// <remarks>
/// Nothing is kept from one group to the next: every state is read after its rows arrived. The append validates what is
/// recorded, by the versions of all numbers that it touches and of the block's ranges; what appends nothing rests on
/// that read alone. A conflict reads again and decides again; after some of them the group goes on in halves, so that
/// a number that others write at the same time holds up nobody but itself. The block's index follows what was appended:
/// otherwise the first file of checks after a large import would unseal all of it again.
/// </remarks>
internal sealed partial class BulkGroupWriter(
    ILedgerStore store, StoreCalls calls, HeadReader heads, BlockReplicas replicas, LedgerWriter writer, Sealer sealer,
    LedgerClock clock, ILogger<BulkGroupWriter> logger) : IDisposable
{
    /// <summary>Conflicts of a group before it is halved.</summary>
    private const int AttemptsWhole = 3;

    /// <summary>Of one group: each row is an entry at most.</summary>
    public int RowsMax => Math.Min(BulkWriter.GroupRowsMax, store.EntriesMax);

    /// <summary>Sealing takes all processors, and not more threads than that: checks want one soon.</summary>
    private readonly SemaphoreSlim _processors = new(Environment.ProcessorCount);

    /// <exception cref="LedgerUnavailableException">The outcome is unknown.</exception>
    public async Task WriteAsync(BulkGroup group, BulkWork work)
    {
        if (group.Rows.Length > RowsMax)
        {
            // One number with very many rows: its next entries rest on those before.
            for (int from = 0; from < group.Rows.Length; from += RowsMax)
            {
                int to = Math.Min(from + RowsMax, group.Rows.Length);
                await WriteAsync(group with { Rows = group.Rows[from..to] }, work);
            }

            return;
        }

        for (int attempt = 1; attempt <= LedgerWriter.AttemptsMax; attempt++)
        {
            if (attempt > AttemptsWhole && group.TryHalve(work.Rows, out BulkGroup left, out BulkGroup right))
            {
                await WriteAsync(left, work);
                await WriteAsync(right, work);
                return;
            }

            if (await TryWriteAsync(group, work)) return;
        }

        throw new LedgerUnavailableException("Other writes to a number kept coming first. Send the file again.");
    }

    public void Dispose() => _processors.Dispose();

    /// <returns>False: a conflict; nothing was recorded.</returns>
    private async Task<bool> TryWriteAsync(BulkGroup group, BulkWork work)
    {
        NumberBlock block = group.Block;
        BlockReplica replica = replicas.Of(block);
        BlockHead before = replica.Head;
        BlockHead head = await heads.ReadAsync(block);
        if (!work.DryRun) await replica.AskAsync(before, head, block, static (_, _) => true); // To follow from there.

        BulkNumbers numbers = await OnProcessorAsync(() => BulkNumbers.Of(group, work.Rows, sealer));
        IReadOnlyList<StoredEntry> stored = await calls.ReadAsync(
            token => store.ReadTagsAsync(block, numbers.Tags, token), CancellationToken.None);
        BulkDecision decision = await OnProcessorAsync(() =>
        {
            BulkStates states = calls.Opened(block, () => BulkStates.Of(block, sealer, numbers, stored));
            DateTimeOffset now = clock.Now(head.RecordedAt, states.RecordedAt());
            return new BulkDecision(group, work, numbers, states, now, sealer).Make();
        });
        if (decision.Entries.Count == 0) return true;

        try
        {
            AppendResult result = await writer.AppendBulkAsync(
                block, decision.Expected, decision.Entries, decision.RecordedAt);
            if (result.Outcome is not AppendOutcome.Appended) return false;

            long position = result.Head.Position - decision.Entries.Count;
            IReadOnlyList<StoredEntry> last = position == 0 ? [] : await calls.ReadAsync(
                token => store.ReadBlockAsync(block, position - 1, 1, token), CancellationToken.None);
            Hash256 hash = last is [var entry] ? entry.Hash : default;
            replica.Follow(new BlockFold.Tail(result.Head, null, decision.Changed), (position, hash));
            return true;
        }
        catch (LedgerUnavailableException)
        {
            Log.OutcomeUnknown(logger, decision.Entries.Count);
            throw;
        }
    }

    private async Task<T> OnProcessorAsync<T>(Func<T> work)
    {
        await _processors.WaitAsync();
        try
        {
            return work();
        }
        finally
        {
            _processors.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Error, "A bulk append of {Entries} entries ended without an answer.")]
        public static partial void OutcomeUnknown(ILogger logger, int entries);
    }
}
