namespace NumberLedger.Grains;

/// <summary>
/// In a cluster, has each lane's rows recorded where the lane lives, so that the indexes there follow.
/// </summary>
/// <remarks>
/// Rows whose holder cannot be reached are recorded here: any process may, since the store decides. What the holder had
/// recorded of them already is nothing to do.
/// </remarks>
internal sealed class SpreadWriter(BulkWriter here, IGrainFactory grains) : IBulkWriter
{
    /// <summary>Of one call. A file's rows are few objects only while they are not read.</summary>
    private const int RowsMax = 2 * BulkWriter.GroupRowsMax;

    private static readonly ParallelOptions LanesAtOnce = new()
    {
        MaxDegreeOfParallelism = 4 * Environment.ProcessorCount,
    };

    public async Task<BulkReply[]> WriteAsync(IBulkRows rows, bool dryRun, CancellationToken cancellationToken)
    {
        var replies = new BulkReply[rows.Count];
        var parts = Enumerable.Range(0, rows.Count).GroupBy(
            row => Lanes.Of(NumberBlock.Of(rows.NumberAt(row))), (lane, of) => (Lane: lane, Rows: of.ToArray()));
        await Parallel.ForEachAsync(parts, LanesAtOnce, async (part, failed) =>
        {
            // One call after the other: those of one number are recorded in their order.
            foreach (int[] some in part.Rows.Chunk(RowsMax))
            {
                cancellationToken.ThrowIfCancellationRequested();
                failed.ThrowIfCancellationRequested();
                var sent = new LaneRows(
                    [.. some.Select(rows.NumberAt)], [.. some.Select(row => Encode(rows.SaidAt(row)))], dryRun);
                BulkReply[] said = await WriteAsync(part.Lane, sent, new PartOf(rows, some));
                for (int i = 0; i < some.Length; i++) replies[some[i]] = said[i];
            }
        });
        return replies;
    }

    private async Task<BulkReply[]> WriteAsync(int lane, LaneRows sent, PartOf part)
    {
        try
        {
            // Not cancelled: what was begun is finished.
            return await grains.Lane(lane).WriteAsync(sent, CancellationToken.None);
        }
        catch (SiloUnreachableException)
        {
            return await here.WriteAsync(part, sent.DryRun, CancellationToken.None);
        }
    }

    private static byte[] Encode(LedgerEvent said) =>
        EntryCodec.Encode(new EntryContent(default, EntryContent.NoOffset, said));

    private sealed class PartOf(IBulkRows rows, int[] places) : IBulkRows
    {
        public int Count => places.Length;

        public PhoneNumber NumberAt(int row) => rows.NumberAt(places[row]);

        public LedgerEvent SaidAt(int row) => rows.SaidAt(places[row]);
    }
}
