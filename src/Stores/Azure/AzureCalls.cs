using Azure;
using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>The few ways in which rows are read and written.</summary>
internal static class AzureCalls
{
    /// <summary>
    /// Requests side by side: there is no query for the heads of many blocks. An account takes 20,000 a second, and
    /// answers within a few milliseconds.
    /// </summary>
    public const int AtOnce = 64;

    /// <returns>
    /// Null: there is no such row. That a whole table is missing is a failure: everything would look new.
    /// </returns>
    public static async Task<TableEntity?> FindAsync(
        this TableClient table, string partition, string row, CancellationToken cancellationToken,
        IEnumerable<string>? select = null)
    {
        try
        {
            return (await table.GetEntityAsync<TableEntity>(partition, row, select, cancellationToken)).Value;
        }
        catch (RequestFailedException absent) when (absent.Status == 404 && AzureFaults.IsRefusal(absent))
        {
            return null;
        }
    }

    /// <summary>All that a filter finds, in the order of the keys, over as many pages as the service makes.</summary>
    public static async Task<List<TableEntity>> ListAsync(
        this TableClient table, string filter, CancellationToken cancellationToken, IEnumerable<string>? select = null)
    {
        var rows = new List<TableEntity>();
        AsyncPageable<TableEntity> pages = table.QueryAsync<TableEntity>(
            filter, AzureLimits.RowsPerPage, select, cancellationToken);
        await foreach (TableEntity row in pages) rows.Add(row);
        return rows;
    }

    /// <summary>
    /// Blocks that begin with a row of some kind: their first rows, one after the other, and nothing else is read.
    /// </summary>
    public static async Task<List<NumberBlock>> ListBlocksAsync(
        this TableClient table, NumberBlock from, int countMax, Func<string, bool> isFirst,
        CancellationToken cancellationToken)
    {
        var blocks = new List<NumberBlock>();
        long next = Math.Max(from.Key, 0);
        while (blocks.Count < countMax && next <= AzureKeys.BlockMax)
        {
            TableEntity? first = null;
            AsyncPageable<TableEntity> rows = table.QueryAsync<TableEntity>(
                AzureKeys.Blocks(new NumberBlock(next)), 1, ["PartitionKey", "RowKey"], cancellationToken);
            await foreach (TableEntity row in rows)
            {
                first = row;
                break;
            }

            if (first is null) break;

            NumberBlock block = AzureKeys.BlockOf(first.PartitionKey);
            if (isFirst(first.RowKey)) blocks.Add(block);
            next = block.Key + 1;
        }

        return blocks;
    }

    /// <returns>
    /// False: refused. If anything was tried again on the way, perhaps for what it had written itself.
    /// </returns>
    public static async Task<bool> TryTransactAsync(
        this TableClient table, IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            Response<IReadOnlyList<Response>> answers =
                await table.SubmitTransactionAsync(actions, cancellationToken);
            return answers.Value.Count == actions.Count
                ? true
                : throw new IOException($"{answers.Value.Count} answers came to {actions.Count} rows.");
        }
        catch (RequestFailedException failed) when (AzureFaults.IsRefusal(failed))
        {
            return false;
        }
    }

    /// <returns>In the order of the items.</returns>
    public static async Task<TOut[]> SideBySideAsync<TIn, TOut>(
        IReadOnlyList<TIn> items, Func<TIn, CancellationToken, Task<TOut>> call, CancellationToken cancellationToken)
    {
        var results = new TOut[items.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, items.Count), options,
            async (place, token) => results[place] = await call(items[place], token));
        return results;
    }
}
