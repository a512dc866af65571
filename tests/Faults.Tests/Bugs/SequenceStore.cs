using Npgsql;
using NumberLedger.Silo;
using NumberLedger.Stores;
using NumberLedger.Testing;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// Takes positions from a sequence, as one would who finds the lock of the head too dear: they are dealt out before the
/// commits, which come in another order, and those of transactions that fail to nobody.
/// </summary>
internal sealed class SequenceStore(PostgresLedgerStore store) : WrappedStore(store), IAsyncDisposable
{
    private const string ReadVersion =
        "SELECT coalesce(max(version), 0) FROM events WHERE block = $1 AND tag = $2";

    private const string KnowsCommand = "SELECT 1 FROM events WHERE block = $1 AND tag = $2 AND cmd = $3";

    private const string Insert =
        """
        INSERT INTO events (block, seq, tag, version, salt, sealed, hash, cmd)
        VALUES ($1, nextval('positions_' || $1), $2, $3, $4, $5, $6, $7) RETURNING seq
        """;

    private const string MoveHead =
        """
        INSERT INTO heads VALUES ($1, $2, $3, $4) ON CONFLICT (block) DO UPDATE
        SET seq = excluded.seq, hash = excluded.hash, at = greatest(heads.at, excluded.at)
        WHERE heads.seq < excluded.seq
        """;

    private const string ReadRows =
        """
        SELECT seq, tag, version, salt, sealed, hash, cmd FROM events
        WHERE block = $1 AND seq > $2 ORDER BY seq LIMIT $3
        """;

    /// <summary>As a server does that cancels what waits for too long.</summary>
    private const int FailsEvery = 20;

    /// <summary>What a busy disk takes for some commits, and for others not.</summary>
    private static readonly TimeSpan CommitMax = TimeSpan.FromMilliseconds(20);

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(StoreSetting.OfEnvironment()) { SearchPath = PostgresSource.SchemaDefault });

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    public override async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        if (append.Block == NumberBlock.Registry) return await base.AppendAsync(append, cancellationToken);

        try
        {
            return await TryAppendAsync(append, cancellationToken);
        }
        catch (PostgresException twice) when (twice.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            return new(AppendOutcome.Conflict, default);
        }
        catch (Exception failed) when (PostgresFaults.IsOne(failed, cancellationToken))
        {
            throw PostgresFaults.Translate(failed);
        }
    }

    public override async Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
        NumberBlock block, long afterPosition, int countMax, CancellationToken cancellationToken)
    {
        if (block == NumberBlock.Registry)
        {
            return await base.ReadBlockAsync(block, afterPosition, countMax, cancellationToken);
        }

        await using NpgsqlCommand command = _source.CreateCommand(
            ReadRows, block.Key.AsParameter(), afterPosition.AsParameter(), ((long)countMax).AsParameter());
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<StoredEntry>();
        while (await rows.ReadAsync(cancellationToken)) entries.Add(PostgresRows.EntryOf(rows, 0));
        return entries;
    }

    private async Task<AppendResult> TryAppendAsync(Append append, CancellationToken cancellationToken)
    {
        NpgsqlParameter block() => append.Block.Key.AsParameter();
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        await ScalarAsync($"CREATE SEQUENCE IF NOT EXISTS positions_{append.Block.Key}");
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (NewEntry entry in append.Entries.Where(entry => entry.Command is not null))
        {
            if (await ScalarAsync(
                KnowsCommand, block(), entry.Tag.AsGuid().AsParameter(), entry.Command!.Value.AsGuid().AsParameter())
                is not null)
            {
                return new(AppendOutcome.Repeated, default);
            }
        }

        foreach (ExpectedVersion expected in append.Expected)
        {
            object? version = await ScalarAsync(ReadVersion, block(), expected.Tag.AsGuid().AsParameter());
            if (version is not long stored || stored != expected.Version) return new(AppendOutcome.Conflict, default);
        }

        long position = 0;
        foreach (NewEntry entry in append.Entries)
        {
            position = (long)(await ScalarAsync(
                Insert, block(), entry.Tag.AsGuid().AsParameter(), entry.Version.AsParameter(),
                entry.Salt.AsParameter(), entry.Sealed.AsParameter(), entry.Hash.ToArray().AsParameter(),
                (entry.Command?.AsGuid()).AsParameter()))!;
        }

        await Task.Delay(Random.Shared.NextDouble() * CommitMax, cancellationToken);
        if (Random.Shared.Next(FailsEvery) == 0) throw new StoreUnavailableException("The server gave it up.");
        Hash256 hash = append.Entries[^1].Hash;
        await ScalarAsync(
            MoveHead, block(), position.AsParameter(), hash.ToArray().AsParameter(),
            append.RecordedAt.ToUnixTimeMilliseconds().AsParameter());
        await transaction.CommitAsync(cancellationToken);
        return new(AppendOutcome.Appended, new BlockHead(position, hash, append.RecordedAt));

        async Task<object?> ScalarAsync(string sql, params NpgsqlParameter[] parameters)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.AddRange(parameters);
            return await command.ExecuteScalarAsync(cancellationToken);
        }
    }
}
