using Azure;
using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>States; each is a row.</summary>
/// <remarks>
/// The row's ETag decides; the version beside it says whose a row is. The library tries a request again whose answer
/// was lost, and is then refused for what it has written itself.
/// </remarks>
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
        var next = new TableEntity(Partition, name) { [Version] = version };
        AzureBytes.Write(next, Content, content.Span);
        try
        {
            if (expected is null)
            {
                await table.AddEntityAsync(next, cancellationToken);
                return true;
            }

            if (await FindAsync(name, cancellationToken) is not { } row || row.Version != expected) return false;

            await table.UpdateEntityAsync(next, row.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException failed) when (AzureFaults.IsRefusal(failed))
        {
            return (await FindAsync(name, cancellationToken))?.Version == version;
        }
    }

    public async Task<bool> DeleteAsync(string name, string expected, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, cancellationToken) is not { } row || row.Version != expected) return false;

        try
        {
            Response answer = await table.DeleteEntityAsync(Partition, name, row.ETag, cancellationToken);
            // Of a row that is not there: deleted by an earlier try of this very call, or by another.
            return answer.Status != 404;
        }
        catch (RequestFailedException failed) when (AzureFaults.IsRefusal(failed))
        {
            return false;
        }
    }

    private async Task<(string Version, ETag ETag)?> FindAsync(string name, CancellationToken cancellationToken) =>
        await table.FindAsync(Partition, name, cancellationToken) is { } row
            ? (VersionOf(row), AzureRows.ETagOf(row))
            : null;

    private static string VersionOf(TableEntity row) => row.GetString(Version) ?? throw new FormatException(
        $"The row {row.RowKey} of the partition {row.PartitionKey} is damaged: {Version}.");
}
