using Azure;
using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>The tables, and the one row that says of which release and which ledger they are.</summary>
internal static class AzureSchema
{
    private const long Version = 1;
    private const string VersionName = "Schema";
    private const string MasterName = "Master";

    /// <exception cref="StoreUnavailableException">
    /// A newer release wrote them, or they hold a ledger of another master key.
    /// </exception>
    public static async Task OpenAsync(AzureTables tables, MasterKey master)
    {
        foreach (TableClient table in (TableClient[])[tables.Ledger, tables.Claims, tables.States, tables.Files])
        {
            await table.CreateIfNotExistsAsync();
        }

        long check = BitConverter.ToInt64(master.Derive("nl/store/1", sizeof(long)));
        TableEntity row = await FindOrAddAsync(tables.Ledger, check);
        if (AzureRows.Long(row, VersionName) is > Version and var present)
        {
            throw new StoreUnavailableException(
                $"The tables have schema version {present}, written by a newer release; this one knows up to "
                + $"{Version}. Run the newer release, or restore a backup of the older one.");
        }

        // Under another key every number would look new, and a second ledger grow between the first.
        if (AzureRows.Long(row, MasterName) != check)
        {
            throw new StoreUnavailableException(
                "The tables hold a ledger of another master key. Start with that key, or name other tables.");
        }
    }

    /// <summary>Silos start at the same time: the first one's row stays.</summary>
    private static async Task<TableEntity> FindOrAddAsync(TableClient ledger, long check)
    {
        const string Row = "ledger";
        var mine = new TableEntity(AzureKeys.Meta, Row) { [VersionName] = Version, [MasterName] = check };
        while (true)
        {
            if (await ledger.FindAsync(AzureKeys.Meta, Row, CancellationToken.None) is { } row) return row;

            try
            {
                await ledger.AddEntityAsync(mine);
                return mine;
            }
            catch (RequestFailedException failed) when (AzureFaults.IsRefusal(failed))
            {
                // Another came first.
            }
        }
    }
}
