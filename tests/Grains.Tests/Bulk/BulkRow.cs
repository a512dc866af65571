namespace NumberLedger.Grains.Tests;

/// <summary>A row that was read already.</summary>
internal readonly record struct BulkRow(PhoneNumber Number, LedgerEvent Said);

internal sealed class BulkRows(BulkRow[] rows) : IBulkRows
{
    public int Count => rows.Length;

    public PhoneNumber NumberAt(int row) => rows[row].Number;

    public LedgerEvent SaidAt(int row) => rows[row].Said;
}

internal static class BulkRowsOfTests
{
    public static Task<BulkReply[]> WriteAsync(
        this IBulkWriter bulk, BulkRow[] rows, bool dryRun, CancellationToken cancellationToken) =>
        bulk.WriteAsync(new BulkRows(rows), dryRun, cancellationToken);
}
