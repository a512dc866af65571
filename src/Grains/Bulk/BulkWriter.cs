namespace NumberLedger.Grains;

/// <summary>Cuts rows into groups, and has several groups written at once.</summary>
internal sealed class BulkWriter(BulkGroupWriter writer) : IBulkWriter
{
    /// <summary>
    /// Of one append, if the store takes so many. A larger one gains no speed, and whoever writes a single entry waits
    /// behind it.
    /// </summary>
    public const int GroupRowsMax = 2_048;

    /// <summary>Enough to keep the store busy while the next groups are sealed; a fraction of its queue.</summary>
    private const int EntriesAtOnce = 8 * GroupRowsMax;

    private readonly EntryBudget _budget = new(EntriesAtOnce);

    public async Task<BulkReply[]> WriteAsync(IBulkRows rows, bool dryRun, CancellationToken cancellationToken)
    {
        var work = new BulkWork(rows, dryRun, new BulkReply[rows.Count]);
        var underWay = new List<Task>();
        int failed = 0;
        foreach (BulkGroup group in BulkGroup.Cut(rows, writer.RowsMax))
        {
            await _budget.TakeAsync(group.Rows.Length);
            if (cancellationToken.IsCancellationRequested || Volatile.Read(ref failed) != 0)
            {
                _budget.Return(group.Rows.Length);
                break;
            }

            underWay.Add(Task.Run(() => WriteAsync(group), CancellationToken.None));
        }

        await Task.WhenAll(underWay);
        cancellationToken.ThrowIfCancellationRequested();
        return work.Replies;

        async Task WriteAsync(BulkGroup group)
        {
            try
            {
                await writer.WriteAsync(group, work);
            }
            catch
            {
                Volatile.Write(ref failed, 1);
                throw;
            }
            finally
            {
                _budget.Return(group.Rows.Length);
            }
        }
    }
}

/// <summary>What groups of one call have in common.</summary>
/// <param name="Replies">In the order of the rows; each is written by its row's group alone.</param>
internal sealed record BulkWork(IBulkRows Rows, bool DryRun, BulkReply[] Replies);
