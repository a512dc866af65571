using Azure.Data.Tables;

namespace NumberLedger.Stores;

/// <summary>
/// Reads. The head comes first, and nothing past it is returned: entries are only ever added, so what is read is the
/// block as of that head, however many requests it takes.
/// </summary>
internal sealed class AzureReader(TableClient table, TableClient heads)
{
    /// <summary>
    /// Fewer rows that nobody asked for, between two that are wanted, cost less than another request.
    /// </summary>
    private const int GapMax = 16;

    /// <summary>
    /// To ask for one tag's list costs as much as passing over so many rows of all lists of the block.
    /// </summary>
    private const int RowsPerLookUp = 8;

    public async Task<BlockHead[]> ReadHeadsAsync(
        IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken)
    {
        NumberBlock[] asked = [.. blocks.Distinct()];
        BlockHead[] read = await AzureCalls.SideBySideAsync(
            asked, (block, token) => ReadHeadAsync(heads, AzureKeys.Partition(block), token), cancellationToken);
        if (asked.Length == blocks.Count) return read;

        Dictionary<NumberBlock, BlockHead> found = asked.Zip(read).ToDictionary();
        return [.. blocks.Select(block => found[block])];
    }

    public async Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
        NumberBlock block, long after, int countMax, CancellationToken cancellationToken)
    {
        string partition = AzureKeys.Partition(block);
        BlockHead head = await ReadHeadAsync(table, partition, cancellationToken);
        long through = Math.Min(head.Position, after + Math.Max(countMax, 0));
        List<(long First, long Last)> pages = [];
        for (long first = after + 1; first <= through; first += AzureLimits.RowsPerPage)
        {
            pages.Add((first, Math.Min(through, first + AzureLimits.RowsPerPage - 1)));
        }

        List<StoredEntry> entries = await ReadEntriesAsync(partition, pages, cancellationToken);
        long position = after;
        foreach (StoredEntry entry in entries)
        {
            if (entry.Position != ++position) throw Missing(block, position);
        }

        return position >= through ? entries : throw Missing(block, position + 1);
    }

    public async Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(
        NumberBlock block, IReadOnlyList<Pseudonym> tags, CancellationToken cancellationToken)
    {
        string partition = AzureKeys.Partition(block);
        BlockHead head = await ReadHeadAsync(table, partition, cancellationToken);
        if (head.Position == 0) return [];

        List<TableEntity>[] lists = await ReadListsAsync(partition, tags, head, cancellationToken);
        long[][] places =
        [
            .. lists.Select(list => list.Select(row => AzureRows.Long(row, AzureRows.Position))
                .Where(position => position <= head.Position).ToArray()),
        ];
        Dictionary<long, StoredEntry> entries = (await ReadEntriesAsync(
            partition, Pages([.. places.SelectMany(positions => positions).Order()]), cancellationToken))
            .ToDictionary(entry => entry.Position);
        var found = new List<StoredEntry>(entries.Count);
        for (int i = 0; i < places.Length; i++)
        {
            for (int version = 1; version <= places[i].Length; version++)
            {
                long position = places[i][version - 1];
                StoredEntry entry = entries.GetValueOrDefault(position) ?? throw Missing(block, position);
                if (entry.Tag != tags[i] || entry.Version != version)
                {
                    throw new BrokenLedgerException(
                        block, position, $"version {version} of a tag is missing here, or before it.");
                }

                found.Add(entry);
            }
        }

        return found;
    }

    public async Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken) =>
        await table.ListBlocksAsync(from, countMax, row => row == AzureKeys.Head, cancellationToken);

    private static async Task<BlockHead> ReadHeadAsync(
        TableClient table, string partition, CancellationToken cancellationToken) =>
        AzureRows.HeadOf(await table.FindAsync(partition, AzureKeys.Head, cancellationToken));

    /// <summary>Where each tag's entries stand, in the order of their versions.</summary>
    private async Task<List<TableEntity>[]> ReadListsAsync(
        string partition, IReadOnlyList<Pseudonym> tags, BlockHead head, CancellationToken cancellationToken)
    {
        if ((long)tags.Count * RowsPerLookUp <= head.Position)
        {
            return await AzureCalls.SideBySideAsync(
                tags,
                (tag, token) => table.ListAsync(AzureKeys.Versions(partition, tag), token, AzureRows.PositionAlone),
                cancellationToken);
        }

        ILookup<string, TableEntity> all = (await table.ListAsync(
            AzureKeys.AllVersions(partition), cancellationToken, AzureRows.PositionAlone))
            .ToLookup(row => AzureKeys.TagOf(row.RowKey), StringComparer.Ordinal);
        return [.. tags.Select(tag => all[tag.ToString()].ToList())];
    }

    private async Task<List<StoredEntry>> ReadEntriesAsync(
        string partition, List<(long First, long Last)> pages, CancellationToken cancellationToken)
    {
        List<TableEntity>[] rows = await AzureCalls.SideBySideAsync(
            pages, (page, token) => table.ListAsync(AzureKeys.Entries(partition, page.First, page.Last), token),
            cancellationToken);
        return [.. rows.SelectMany(page => page).Select(AzureRows.EntryOf)];
    }

    /// <summary>Few requests that cover all of the positions.</summary>
    private static List<(long First, long Last)> Pages(long[] positions)
    {
        List<(long First, long Last)> pages = [];
        foreach (long position in positions)
        {
            if (pages is [.., var (first, last)]
                && position - last <= GapMax && position - first < AzureLimits.RowsPerPage)
            {
                pages[^1] = (first, position);
            }
            else
            {
                pages.Add((position, position));
            }
        }

        return pages;
    }

    private static BrokenLedgerException Missing(NumberBlock block, long position) =>
        new(block, position, "it is missing in the store.");
}
