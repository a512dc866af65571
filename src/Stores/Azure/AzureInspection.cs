using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>The rows of a ledger in Azure Tables as they are, for fsck.</summary>
public sealed class AzureInspection : ILedgerInspection, IAsyncDisposable
{
    /// <summary>Enough to see what is wrong.</summary>
    private const int ProblemsMax = 20;

    /// <summary>Of a block that is written meanwhile, after which it is taken as it was read last.</summary>
    private const int ReadsMax = 5;

    private readonly AzureTables _tables;

    private AzureInspection(AzureTables tables) => _tables = tables;

    /// <summary>The service keeps no memory of its own that could disagree.</summary>
    public string? Degraded => null;

    /// <exception cref="StoreUnavailableException">As of a store.</exception>
    public static async Task<AzureInspection> OpenAsync(string store, MasterKey master) =>
        new(await AzureTables.OpenAsync(store, master, AzureDeadlines.Patient));

    /// <summary>Whether the lists by number, version and command lead to the entries, and to nothing else.</summary>
    public Task<IReadOnlyList<string>> CheckDatabaseAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var problems = new List<string>();
        var from = new NumberBlock(0);
        while (await ListAsync(from, 1, cancellationToken) is [var block] && problems.Count < ProblemsMax)
        {
            problems.AddRange(await CheckListsAsync(block, cancellationToken));
            from = new NumberBlock(block.Key + 1);
        }

        IReadOnlyList<string> some = [.. problems.Take(ProblemsMax)];
        return some;
    });

    public Task<IReadOnlyList<NumberBlock>> ListBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        IReadOnlyList<NumberBlock> blocks = await ListAsync(from, countMax, cancellationToken);
        return blocks;
    });

    public Task<RawBlock> ReadBlockAsync(NumberBlock block, CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            string partition = AzureKeys.Partition(block);
            // First: one that is saved later is of entries that were not read.
            RawSnapshot? snapshot = await AzureSnapshots.ReadRawAsync(_tables.Ledger, partition, cancellationToken);
            TableEntity? head;
            List<TableEntity> entries;
            TableEntity? after = await FindHeadAsync();
            int reads = 0;
            do
            {
                head = after;
                entries = await _tables.Ledger.ListAsync(AzureKeys.AllEntries(partition), cancellationToken);
                after = await FindHeadAsync();
            }
            while (head?.ETag != after?.ETag && ++reads < ReadsMax);

            return new RawBlock(
                block, head is null ? null : AzureRows.RawHeadOf(head), [.. entries.Select(AzureRows.RawEntryOf)],
                snapshot);

            Task<TableEntity?> FindHeadAsync() =>
                _tables.Ledger.FindAsync(partition, AzureKeys.Head, cancellationToken);
        });

    public ValueTask DisposeAsync()
    {
        _tables.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<List<NumberBlock>> ListAsync(NumberBlock from, int countMax, CancellationToken cancellationToken) =>
        _tables.Ledger.ListBlocksAsync(from, countMax, _ => true, cancellationToken);

    private async Task<List<string>> CheckListsAsync(NumberBlock block, CancellationToken cancellationToken)
    {
        string partition = AzureKeys.Partition(block);
        Dictionary<string, long> wanted = new(StringComparer.Ordinal);
        List<TableEntity> entries = await _tables.Ledger.ListAsync(
            AzureKeys.AllEntries(partition), cancellationToken,
            ["PartitionKey", "RowKey", AzureRows.Tag, AzureRows.Version, AzureRows.Command]);
        foreach (RawEntry entry in entries.Select(AzureRows.RawEntryOf))
        {
            if (entry.Tag.Length != Pseudonym.Size) continue; // A finding of its own.

            var tag = Pseudonym.Read(entry.Tag);
            wanted[AzureKeys.Version(tag, entry.Version)] = entry.Position;
            if (entry.Command is { Length: CommandId.Size } command)
            {
                wanted.TryAdd(AzureKeys.Command(tag, CommandId.Read(command)), entry.Position);
            }
        }

        // In between more may have been appended: what is there beyond the entries is judged by its position.
        long last = entries is [.., var newest] ? AzureKeys.PositionOf(newest.RowKey) ?? 0 : 0;
        List<string> problems = [];
        foreach (string filter in (string[])[AzureKeys.AllCommands(partition), AzureKeys.AllVersions(partition)])
        {
            foreach (TableEntity row in await _tables.Ledger.ListAsync(
                filter, cancellationToken, AzureRows.PositionAlone))
            {
                long position = AzureRows.LongOrZero(row, AzureRows.Position);
                if (wanted.Remove(row.RowKey, out long right) ? position != right : position <= last)
                {
                    problems.Add($"block {block}: the row {row.RowKey} leads to position {position}, where it is not.");
                }
            }
        }

        problems.AddRange(wanted.Select(missing =>
            $"block {block}, position {missing.Value}: the row {missing.Key} that leads to it is missing."));
        return problems;
    }

    private static async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception failed) when (AzureFaults.IsOne(failed))
        {
            throw AzureFaults.Translate(failed);
        }
    }
}
