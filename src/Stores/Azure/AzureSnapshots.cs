using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>
/// Snapshots of blocks, beside their entries, each in as many rows as it needs and in one transaction.
/// </summary>
internal sealed class AzureSnapshots(TableClient table)
{
    private const string Data = "Data";

    /// <summary>Read side by side, wanted or not.</summary>
    private const int BlocksAtOnce = 16;

    /// <summary>
    /// An entry stays where it is, so that it is there may be judged before the transaction; the rest its first row's
    /// ETag guards. One that is larger than a transaction is not saved: its block takes longer to start.
    /// </summary>
    public async Task SaveAsync(NumberBlock block, StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.Sealed.Length > AzureLimits.BytesPerTransaction) return;

        string partition = AzureKeys.Partition(block);
        TableEntity? entry = await table.FindAsync(
            partition, AzureKeys.Entry(snapshot.Position), cancellationToken, [AzureRows.Hash]);
        if (entry is null || AzureRows.HashOf(entry) != snapshot.Hash) return;

        List<TableEntity> before;
        do
        {
            before = await table.ListAsync(
                AzureKeys.Snapshots(partition), cancellationToken, AzureRows.PositionAlone);
            long position = before is [var first, ..] ? AzureRows.LongOrZero(first, AzureRows.Position) : 0;
            if (position > snapshot.Position) return;
        }
        while (!await table.TryTransactAsync(Replace(before, RowsOf(partition, snapshot)), cancellationToken));
    }

    public async Task<SnapshotPage> ReadAsync(
        IReadOnlyList<NumberBlock> blocks, long bytesMax, CancellationToken cancellationToken)
    {
        var found = new List<(NumberBlock, StoredSnapshot)>();
        long bytes = 0;
        for (int from = 0; from < blocks.Count; from += BlocksAtOnce)
        {
            NumberBlock[] asked = [.. blocks.Skip(from).Take(BlocksAtOnce)];
            StoredSnapshot?[] snapshots = await AzureCalls.SideBySideAsync(
                asked, (block, token) => ReadAsync(block, token), cancellationToken);
            for (int i = 0; i < asked.Length; i++)
            {
                if (snapshots[i] is not { } snapshot) continue;

                found.Add((asked[i], snapshot));
                if ((bytes += snapshot.Sealed.Length) >= bytesMax) return new SnapshotPage(found, from + i + 1);
            }
        }

        return new SnapshotPage(found, blocks.Count);
    }

    /// <summary>As it is, for fsck; null: there is none.</summary>
    public static async Task<RawSnapshot?> ReadRawAsync(
        TableClient table, string partition, CancellationToken cancellationToken)
    {
        List<TableEntity> rows = await table.ListAsync(AzureKeys.Snapshots(partition), cancellationToken);
        return rows is [var first, ..]
            ? new RawSnapshot(
                AzureRows.LongOrZero(first, AzureRows.Position), AzureRows.BytesOrNull(first, AzureRows.Hash) ?? [],
                [.. rows.SelectMany(row => AzureBytes.Read(row, Data))])
            : null;
    }

    /// <summary>
    /// Rows of two snapshots, one of which was saved in between, do not open: they are sealed as one.
    /// </summary>
    private async Task<StoredSnapshot?> ReadAsync(NumberBlock block, CancellationToken cancellationToken) =>
        await ReadRawAsync(table, AzureKeys.Partition(block), cancellationToken) is { } raw
            && raw.Hash.Length == Hash256.Size
            ? new StoredSnapshot(raw.Position, Hash256.Read(raw.Hash), raw.Sealed)
            : null;

    private static List<TableEntity> RowsOf(string partition, StoredSnapshot snapshot)
    {
        List<TableEntity> rows = [];
        foreach (byte[] part in snapshot.Sealed.Chunk(AzureBytes.BytesPerRow))
        {
            var row = new TableEntity(partition, AzureKeys.Snapshot(rows.Count));
            AzureBytes.Write(row, Data, part);
            rows.Add(row);
        }

        rows[0][AzureRows.Position] = snapshot.Position;
        rows[0][AzureRows.Hash] = snapshot.Hash.ToArray();
        return rows;
    }

    private static List<TableTransactionAction> Replace(List<TableEntity> before, List<TableEntity> rows)
    {
        HashSet<string> kept = [.. rows.Select(row => row.RowKey)];
        return
        [
            .. rows.Select(row => before.Find(old => old.RowKey == row.RowKey) is { } old
                ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, AzureRows.ETagOf(old))
                : new TableTransactionAction(TableTransactionActionType.Add, row)),
            .. before.Where(old => !kept.Contains(old.RowKey)).Select(AzureRows.DeletionOf),
        ];
    }
}
