using Npgsql;

namespace NumberLedger.Stores;

/// <summary>Snapshots of blocks. Entries are never taken away, so one statement judges and saves.</summary>
internal sealed class PostgresSnapshots(NpgsqlDataSource source)
{
    private const string Save =
        """
        INSERT INTO snapshots SELECT $1, $2, $3, $4
        WHERE EXISTS (SELECT FROM events e WHERE e.block = $1 AND e.seq = $2 AND e.hash = $3)
        ON CONFLICT (block) DO UPDATE SET seq = EXCLUDED.seq, hash = EXCLUDED.hash, sealed = EXCLUDED.sealed
        WHERE snapshots.seq <= EXCLUDED.seq
        """;

    private const string Read =
        """
        SELECT asked.place, s.seq, s.hash, s.sealed FROM unnest($1) WITH ORDINALITY AS asked (block, place)
        JOIN snapshots s ON s.block = asked.block ORDER BY asked.place
        """;

    /// <summary>Of one statement: the server sends all that was asked for, wanted or not.</summary>
    private const int BlocksAtOnce = 32;

    public async Task<int> SaveAsync(NumberBlock block, StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = source.CreateCommand(
            Save, block.Key.AsParameter(), snapshot.Position.AsParameter(), snapshot.Hash.ToArray().AsParameter(),
            snapshot.Sealed.AsParameter());
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<SnapshotPage> ReadAsync(
        IReadOnlyList<NumberBlock> blocks, long bytesMax, CancellationToken cancellationToken)
    {
        var found = new List<(NumberBlock, StoredSnapshot)>();
        long bytes = 0;
        for (int from = 0; from < blocks.Count; from += BlocksAtOnce)
        {
            NumberBlock[] asked = [.. blocks.Skip(from).Take(BlocksAtOnce)];
            await using NpgsqlCommand command = source.CreateCommand(
            Read, asked.Select(block => block.Key).ToArray().AsParameter());
            await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
            int? full = null;
            while (await rows.ReadAsync(cancellationToken)) // To the end: to leave it early would wait for it too.
            {
                if (full is not null) continue;

                int place = (int)rows.GetInt64(0);
                byte[] snapshot = PostgresRows.Bytes(rows, 3);
                found.Add((
                    asked[place - 1], new(rows.GetInt64(1), Hash256.Read(PostgresRows.Bytes(rows, 2)), snapshot)));
                if ((bytes += snapshot.Length) >= bytesMax) full = from + place;
            }

            if (full is { } asFar) return new SnapshotPage(found, asFar);
        }

        return new SnapshotPage(found, blocks.Count);
    }
}
