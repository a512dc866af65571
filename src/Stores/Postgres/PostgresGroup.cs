using Npgsql;

namespace NumberLedger.Stores;

/// <summary>Appends of many callers in one transaction: two trips to the server, one wait for its disk.</summary>
/// <remarks>
/// The heads of all blocks are locked in one order, so that groups of several processes never wait for each other in a
/// circle; what is judged was read after that. Each append is judged by itself, on what those before it in the group
/// leave: a conflict writes nothing, and fails nobody else.
/// </remarks>
internal sealed class PostgresGroup(IReadOnlyList<Append> appends)
{
    private const string MakeHeads =
        "INSERT INTO heads SELECT asked.block, 0, '', 0 FROM unnest($1) AS asked (block) "
        + "ORDER BY asked.block ON CONFLICT DO NOTHING";

    private const string LockHeads =
        "SELECT block, seq, hash, at FROM heads WHERE block = ANY($1) ORDER BY block FOR UPDATE";

    /// <summary>
    /// For each tag its version, and whether it has had the command. A number has few entries to look through, and one
    /// that begins has none; the registry's one tag has all of its own.
    /// </summary>
    private const string ReadTags =
        """
        SELECT coalesce(latest.version, 0), latest.version IS NOT NULL AND asked.cmd IS NOT NULL AND CASE
            WHEN asked.block = 0
            THEN EXISTS (SELECT FROM events e WHERE e.block = 0 AND e.cmd IS NOT NULL AND e.cmd = asked.cmd
                AND e.tag = asked.tag)
            ELSE EXISTS (SELECT FROM events e WHERE e.block = asked.block AND e.tag = asked.tag AND e.cmd = asked.cmd)
            END
        FROM unnest($1, $2, $3) WITH ORDINALITY AS asked (block, tag, cmd, place) LEFT JOIN LATERAL (
            SELECT e.version FROM events e WHERE e.block = asked.block AND e.tag = asked.tag
            ORDER BY e.version DESC LIMIT 1) latest ON true
        ORDER BY asked.place
        """;

    private const string InsertEntries =
        "INSERT INTO events (block, seq, tag, version, salt, sealed, hash, cmd) "
        + "SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)";

    private const string MoveHeads =
        "UPDATE heads h SET seq = moved.seq, hash = moved.hash, at = moved.at "
        + "FROM unnest($1, $2, $3, $4) AS moved (block, seq, hash, at) WHERE h.block = moved.block";

    private readonly Dictionary<NumberBlock, BlockHead> _heads = [];
    private readonly Dictionary<(NumberBlock Block, Pseudonym Tag), long> _versions = [];
    private readonly HashSet<(NumberBlock Block, Pseudonym Tag, CommandId Command)> _commands = [];
    private readonly HashSet<NumberBlock> _moved = [];
    private readonly List<(NumberBlock Block, long Position, NewEntry Entry)> _entries = [];

    /// <returns>In the order of the appends. All that they say is durable.</returns>
    public async Task<AppendResult[]> WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (!await TryReadAsync(connection, cancellationToken)) await MakeHeadsAsync(connection, cancellationToken);
        AppendResult[] results = [.. appends.Select(Judge)];
        // A commit that waits for a standby and is cancelled is visible, and said to be done, though no standby has it.
        await EndAsync(connection, CancellationToken.None);
        return results;
    }

    /// <returns>False: some block has no head yet, and nothing is locked.</returns>
    private async Task<bool> TryReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        long[] blocks = BlocksInOrder();
        (NumberBlock Block, Pseudonym Tag, CommandId? Command)[] asked = [.. TagsAsked()];
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, "BEGIN");
        Add(batch, LockHeads, blocks.AsParameter());
        Add(
            batch, ReadTags, Keys(asked.Select(each => each.Block)),
            asked.Select(each => each.Tag.AsGuid()).ToArray().AsParameter(),
            asked.Select(each => each.Command?.AsGuid()).ToArray().AsParameter());
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            _heads[new NumberBlock(rows.GetInt64(0))] = PostgresRows.HeadOf(rows, 1);
        }

        await rows.NextResultAsync(cancellationToken);
        foreach ((NumberBlock block, Pseudonym tag, CommandId? command) in asked)
        {
            await rows.ReadAsync(cancellationToken);
            _versions[(block, tag)] = rows.GetInt64(0);
            if (rows.GetBoolean(1)) _commands.Add((block, tag, command!.Value));
        }

        return _heads.Count == blocks.Length;
    }

    /// <summary>Each tag with its commands; one that has none, and is only expected at a version, by itself.</summary>
    private HashSet<(NumberBlock Block, Pseudonym Tag, CommandId? Command)> TagsAsked()
    {
        var asked = new HashSet<(NumberBlock, Pseudonym, CommandId?)>();
        var tags = new HashSet<(NumberBlock, Pseudonym)>();
        foreach (Append append in appends)
        {
            foreach (NewEntry entry in append.Entries)
            {
                if (entry.Command is null) continue;

                asked.Add((append.Block, entry.Tag, entry.Command));
                tags.Add((append.Block, entry.Tag));
            }
        }

        foreach (Append append in appends)
        {
            foreach (ExpectedVersion expected in append.Expected)
            {
                if (tags.Add((append.Block, expected.Tag))) asked.Add((append.Block, expected.Tag, null));
            }
        }

        return asked;
    }

    /// <summary>In a transaction of its own: whoever made some while it holds others could wait in a circle.</summary>
    private async Task MakeHeadsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, "ROLLBACK");
        Add(batch, "BEGIN");
        Add(batch, MakeHeads, BlocksInOrder().AsParameter());
        Add(batch, "COMMIT");
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private long[] BlocksInOrder() => [.. appends.Select(append => append.Block.Key).Distinct().Order()];

    private AppendResult Judge(Append append)
    {
        NumberBlock block = append.Block;
        BlockHead before = _heads[block];
        foreach (NewEntry entry in append.Entries)
        {
            if (entry.Command is { } command && _commands.Contains((block, entry.Tag, command)))
            {
                return new(AppendOutcome.Repeated, before);
            }
        }

        foreach (ExpectedVersion expected in append.Expected)
        {
            if (_versions[(block, expected.Tag)] != expected.Version) return new(AppendOutcome.Conflict, before);
        }

        long position = before.Position;
        foreach (NewEntry entry in append.Entries)
        {
            _entries.Add((block, ++position, entry));
            _versions[(block, entry.Tag)] = entry.Version;
            if (entry.Command is { } command) _commands.Add((block, entry.Tag, command));
        }

        // Whole milliseconds, as the column keeps them.
        var recordedAt = DateTimeOffset.FromUnixTimeMilliseconds(append.RecordedAt.ToUnixTimeMilliseconds());
        var head = new BlockHead(
            position, append.Entries[^1].Hash, recordedAt > before.RecordedAt ? recordedAt : before.RecordedAt);
        _heads[block] = head;
        _moved.Add(block);
        return new(AppendOutcome.Appended, head);
    }

    private async Task EndAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (_entries.Count == 0)
        {
            Add(batch, "ROLLBACK");
        }
        else
        {
            NumberBlock[] moved = [.. _moved];
            Add(
                batch, InsertEntries,
                Keys(_entries.Select(each => each.Block)), Each(each => each.Position),
                Each(each => each.Entry.Tag.AsGuid()), Each(each => each.Entry.Version), Each(each => each.Entry.Salt),
                Each(each => each.Entry.Sealed), Each(each => each.Entry.Hash.ToArray()),
                Each(each => each.Entry.Command?.AsGuid()));
            Add(
                batch, MoveHeads, Keys(moved), moved.Select(block => _heads[block].Position).ToArray().AsParameter(),
                moved.Select(block => _heads[block].Hash.ToArray()).ToArray().AsParameter(),
                moved.Select(block => _heads[block].RecordedAt.ToUnixTimeMilliseconds()).ToArray().AsParameter());
            Add(batch, "COMMIT");
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter Each<T>(Func<(NumberBlock Block, long Position, NewEntry Entry), T> value) =>
            _entries.Select(value).ToArray().AsParameter();
    }

    private static NpgsqlParameter<long[]> Keys(IEnumerable<NumberBlock> blocks) =>
        blocks.Select(block => block.Key).ToArray().AsParameter();

    private static void Add(NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }
}
