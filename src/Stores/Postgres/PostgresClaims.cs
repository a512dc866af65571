using Npgsql;

namespace NumberLedger.Stores;

/// <summary>Idempotency keys; each call is a transaction of its own.</summary>
internal sealed class PostgresClaims(NpgsqlDataSource source)
{
    private const string Insert =
        "INSERT INTO claims (id, digest, at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";

    private const string Find = "SELECT digest, at, status, content_type, body FROM claims WHERE id = $1";

    private const string SetAnswer =
        "UPDATE claims SET status = $2, content_type = $3, body = $4 WHERE id = $1 AND status IS NULL";

    private const string Purge =
        "DELETE FROM claims WHERE id IN ("
        + "SELECT id FROM claims WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)";

    private readonly ClaimPurges _purges = new();

    public async Task<Claim> ClaimAsync(Claim claim, CancellationToken cancellationToken)
    {
        long at = claim.ClaimedAt.ToUnixTimeMilliseconds();
        while (true)
        {
            if (await RunAsync(
                Insert, cancellationToken, claim.Id.AsGuid().AsParameter(), claim.Digest.ToArray().AsParameter(),
                at.AsParameter()) == 1)
            {
                break;
            }

            // Another came first. Purged in between, it is claimed anew.
            if (await FindAsync(claim.Id, cancellationToken) is { } earlier) return earlier;
        }

        if (_purges.After(claim) is { } before)
        {
            await RunAsync(
                Purge, cancellationToken, before.ToUnixTimeMilliseconds().AsParameter(),
                ((long)ClaimPurges.CountMax).AsParameter());
        }

        return claim;
    }

    public Task<int> AnswerAsync(UInt128 id, ClaimAnswer answer, CancellationToken cancellationToken) => RunAsync(
        SetAnswer, cancellationToken, id.AsGuid().AsParameter(), answer.Status.AsParameter(),
        answer.ContentType.AsParameter(), answer.Body.AsParameter());

    private async Task<Claim?> FindAsync(UInt128 id, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = source.CreateCommand(
            Find, id.AsGuid().AsParameter());
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken)) return null;

        ClaimAnswer? answer = rows.IsDBNull(2)
            ? null
            : new(rows.GetInt32(2), rows.GetString(3), PostgresRows.Bytes(rows, 4));
        return new Claim(
            id, Hash256.Read(PostgresRows.Bytes(rows, 0)), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)),
            answer);
    }

    private async Task<int> RunAsync(
        string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
