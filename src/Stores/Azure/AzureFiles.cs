using Azure;
using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>
/// Parts of files: a partition for each file, with a row for the file, one for each part, and one in a list of names.
/// </summary>
/// <remarks>
/// A part is written in one transaction with the row of its file, so none is written once that is deleted; a deletion
/// begins with it, and ends with the name. One that was broken off is seen by who lists files, and done again.
/// </remarks>
internal sealed class AzureFiles(TableClient table) : IFileParts
{
    /// <summary>No file has such a name.</summary>
    private const string Names = "_names";
    private const string File = "0";
    private const string Content = "Content";
    private const string LengthName = "Length";

    public Task<bool> CreateAsync(string name, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await table.UpsertEntityAsync(
                new TableEntity(Names, name), TableUpdateMode.Replace, cancellationToken);
            try
            {
                await table.AddEntityAsync(FileOf(name, 0), cancellationToken);
                return true;
            }
            catch (RequestFailedException failed) when (AzureFaults.IsRefusal(failed))
            {
                return false;
            }
        }, cancellationToken);

    public Task<long?> FindAsync(string name, CancellationToken cancellationToken) =>
        GuardAsync(async () => await table.FindAsync(name, File, cancellationToken) is { } row
            ? AzureRows.Long(row, LengthName)
            : (long?)null, cancellationToken);

    public Task<bool> WriteAsync(
        string name, int part, ReadOnlyMemory<byte> content, long length, CancellationToken cancellationToken)
    {
        var row = new TableEntity(name, KeyOf(part));
        AzureBytes.Write(row, Content, content.Span);
        return GuardAsync(() => table.TryTransactAsync(
            [
                new(TableTransactionActionType.UpdateReplace, FileOf(name, length), ETag.All),
                new(TableTransactionActionType.UpsertReplace, row),
            ],
            cancellationToken), cancellationToken);
    }

    public Task<byte[]?> ReadAsync(string name, int part, CancellationToken cancellationToken) =>
        GuardAsync(async () => await table.FindAsync(name, KeyOf(part), cancellationToken) is { } row
            ? AzureBytes.Read(row, Content)
            : null, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await table.DeleteEntityAsync(name, File, ETag.All, cancellationToken);
            string filter = TableClient.CreateQueryFilter($"PartitionKey eq {name}");
            // Until none is left: another may delete the same file, and be refused in between as this one is.
            while (await table.ListAsync(filter, cancellationToken, ["PartitionKey", "RowKey"]) is { Count: > 0 } rows)
            {
                foreach (TableEntity[] some in rows.Chunk(AzureLimits.RowsPerTransaction))
                {
                    await table.TryTransactAsync(
                        [.. some.Select(row => new TableTransactionAction(
                            TableTransactionActionType.Delete, new TableEntity(name, row.RowKey), ETag.All))],
                        cancellationToken);
                }
            }

            await table.DeleteEntityAsync(Names, name, ETag.All, cancellationToken);
            return true;
        }, cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<string>>(async () =>
        {
            string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Names}");
            return [.. (await table.ListAsync(filter, cancellationToken, ["RowKey"])).Select(row => row.RowKey)];
        }, cancellationToken);

    private static TableEntity FileOf(string name, long length) => new(name, File) { [LengthName] = length };

    private static string KeyOf(int part) => $"p{part:D8}";

    private static async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception failed) when (AzureFaults.IsOne(failed))
        {
            // The library may tell a time that ran out as a cancellation, and the other way round.
            cancellationToken.ThrowIfCancellationRequested();
            throw AzureFaults.Translate(failed);
        }
    }
}
