using Azure;
using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>States; each is a row.</summary>
/// <remarks>The row's ETag decides; the version beside it says whose a row is.</remarks>
internal sealed class AzureStates(TableClient table)
{
    private const string Partition = "state";
    private const string Version = "Version";
    private const string Content = "Content";

    public async Task<IReadOnlyList<StateVersion>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {Partition} and RowKey ge {prefix} and RowKey lt {prefix + StoredNames.BehindAll}");
        List<TableEntity> rows = await table.ListAsync(filter, cancellationToken, ["RowKey", Version]);
        return [.. rows.Select(row => new StateVersion(row.RowKey, VersionOf(row)))];
    }

    public async Task<StoredState?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await table.FindAsync(Partition, name, cancellationToken) is { } row
            ? new(VersionOf(row), AzureBytes.Read(row, Content))
            : null;

    /// <param name="expected">Null: there is none of that name.</param>
    public async Task<bool> SaveAsync(
        string name, string version, ReadOnlyMemory<byte> content, string? expected,
        CancellationToken cancellationToken)
    {
        ETag? before = null;
        if (expected is not null)
        {
            if (await FindAsync(name, cancellationToken) is not { } row || row.Version != expected) return false;

            before = row.ETag;
        }

        var next = new TableEntity(Partition, name) { [Version] = version };
        AzureBytes.Write(next, Content, content.Span);
        bool? isSaved = await TryAsync(() => before is { } etag
            ? table.UpdateEntityAsync(next, etag, TableUpdateMode.Replace, cancellationToken)
            : table.AddEntityAsync(next, cancellationToken));
        return isSaved ?? ((await FindAsync(name, cancellationToken))?.Version == version ? true : throw Unknown());
    }

    public async Task<bool> DeleteAsync(string name, string expected, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, cancellationToken) is not { } row || row.Version != expected) return false;

        return await TryAsync(() => table.DeleteEntityAsync(Partition, name, row.ETag, cancellationToken))
            ?? throw Unknown();
    }

    /// <returns>False: refused; null: also refused, but perhaps for what an earlier try has done.</returns>
    private static async Task<bool?> TryAsync(Func<Task<Response>> write)
    {
        var tries = new AzureTries();
        try
        {
            using IDisposable counted = tries.Count();
            if ((await write()).Status != 404) return true; // So the library answers a deletion of what is not there.
        }
        catch (RequestFailedException failed) when (AzureFaults.IsRefusal(failed))
        {
            // The row is not, or no longer, as it was read.
        }

        return tries.AreSeveral ? null : false;
    }

    private static StoreUnavailableException Unknown() => new(
        "Azure Tables refused a state that was sent again because no answer came: it may have been written before.");

    private async Task<(string Version, ETag ETag)?> FindAsync(string name, CancellationToken cancellationToken) =>
        await table.FindAsync(Partition, name, cancellationToken) is { } row
            ? (VersionOf(row), AzureRows.ETagOf(row))
            : null;

    private static string VersionOf(TableEntity row) => row.GetString(Version) ?? throw new FormatException(
        $"The row {row.RowKey} of the partition {row.PartitionKey} is damaged: {Version}.");
}
