using Npgsql;

namespace NumberLedger.Stores;

/// <summary>Reads, each one statement: what it returns is of one moment, after the call began.</summary>
internal sealed class PostgresReader(NpgsqlDataSource source, NpgsqlDataSource headsSource)
{
    private const string Columns = "e.seq, e.tag, e.version, e.salt, e.sealed, e.hash, e.cmd";

    private const string ReadHeads = "SELECT block, seq, hash, at FROM heads WHERE block = ANY($1) AND seq > 0";

    /// <summary>With the head, so that an entry that is missing is found.</summary>
    private const string ReadBlock =
        $"""
        SELECT h.seq, {Columns} FROM heads h
        LEFT JOIN LATERAL (
            SELECT * FROM events e WHERE e.block = h.block AND e.seq > $2 AND e.seq <= h.seq ORDER BY e.seq LIMIT $3
        ) e ON true
        WHERE h.block = $1 ORDER BY e.seq
        """;

    private const string ReadTags =
        $"""
        SELECT {Columns} FROM unnest($2) WITH ORDINALITY AS asked (tag, place)
        JOIN events e ON e.block = $1 AND e.tag = asked.tag ORDER BY asked.place, e.version
        """;

    private const string ReadBlocks = "SELECT block FROM heads WHERE block >= $1 AND seq > 0 ORDER BY block LIMIT $2";

    public async Task<BlockHead[]> ReadHeadsAsync(
        IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken)
    {
        if (blocks.Count == 0) return [];

        var found = new Dictionary<long, BlockHead>(blocks.Count);
        await using NpgsqlCommand command = headsSource.CreateCommand(
            ReadHeads, blocks.Select(block => block.Key).Distinct().ToArray().AsParameter());
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) found[rows.GetInt64(0)] = PostgresRows.HeadOf(rows, 1);
        return [.. blocks.Select(block => found.GetValueOrDefault(block.Key))];
    }

    public async Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
        NumberBlock block, long after, int countMax, CancellationToken cancellationToken)
    {
        if (countMax <= 0) return [];

        await using NpgsqlCommand command = source.CreateCommand(
            ReadBlock, block.Key.AsParameter(), after.AsParameter(), ((long)countMax).AsParameter());
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<StoredEntry>();
        long head = 0;
        long position = after;
        while (await rows.ReadAsync(cancellationToken))
        {
            head = rows.GetInt64(0);
            if (await rows.IsDBNullAsync(1, cancellationToken)) break;

            entries.Add(PostgresRows.EntryOf(rows, 1));
            if (entries[^1].Position != ++position) throw Missing(block, position);
        }

        if (entries.Count < countMax && position < head) throw Missing(block, position + 1);
        return entries;
    }

    public async Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(
        NumberBlock block, IReadOnlyList<Pseudonym> tags, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = source.CreateCommand(
            ReadTags, block.Key.AsParameter(), tags.Select(tag => tag.AsGuid()).ToArray().AsParameter());
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<StoredEntry>();
        while (await rows.ReadAsync(cancellationToken))
        {
            StoredEntry entry = PostgresRows.EntryOf(rows, 0);
            long version = entries is [.., var last] && last.Tag == entry.Tag ? last.Version + 1 : 1;
            if (entry.Version != version)
            {
                throw new BrokenLedgerException(
                    block, entry.Position, $"version {version} of its tag is missing before it.");
            }

            entries.Add(entry);
        }

        return entries;
    }

    public async Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = source.CreateCommand(
            ReadBlocks, from.Key.AsParameter(), ((long)countMax).AsParameter());
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        var blocks = new List<NumberBlock>();
        while (await rows.ReadAsync(cancellationToken)) blocks.Add(new NumberBlock(rows.GetInt64(0)));
        return blocks;
    }

    private static BrokenLedgerException Missing(NumberBlock block, long position) =>
        new(block, position, "it is missing in the store.");
}
