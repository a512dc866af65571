using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores;

/// <summary>Claims of idempotency keys, inside the writer's transactions.</summary>
internal sealed class SqliteClaims : IDisposable
{
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _answer;
    private readonly SqliteStatement _purge;
    private readonly ClaimPurges _purges = new();

    public SqliteClaims(SqliteConnection connection)
    {
        _find = new(connection, "SELECT digest, at, status, content_type, body FROM claims WHERE id = ?1");
        _insert = new(connection, "INSERT INTO claims (id, digest, at) VALUES (?1, ?2, ?3)");
        _answer = new(connection,
            "UPDATE claims SET status = ?2, content_type = ?3, body = ?4 WHERE id = ?1 AND status IS NULL");
        _purge = new(connection,
            "DELETE FROM claims WHERE rowid IN " +
            $"(SELECT rowid FROM claims WHERE at < ?1 ORDER BY at LIMIT {ClaimPurges.CountMax})");
    }

    public Claim FindOrInsert(Claim claim)
    {
        if (Find(claim.Id) is { } earlier) return earlier;

        long at = claim.ClaimedAt.ToUnixTimeMilliseconds();
        _insert.Bind(1, new CommandId(claim.Id)).Bind(2, claim.Digest).Bind(3, at).Run();
        if (_purges.After(claim) is { } before) _purge.Bind(1, before.ToUnixTimeMilliseconds()).Run();

        return claim;
    }

    public void Answer(UInt128 id, ClaimAnswer answer) =>
        _answer.Bind(1, new CommandId(id)).Bind(2, answer.Status).Bind(3, answer.ContentType).Bind(4, answer.Body)
            .Run();

    public void Dispose()
    {
        foreach (SqliteStatement statement in (SqliteStatement[])[_find, _insert, _answer, _purge]) statement.Dispose();
    }

    private Claim? Find(UInt128 id)
    {
        _find.Bind(1, new CommandId(id));
        if (!_find.Step()) return null;

        ClaimAnswer? answer = _find.IsNull(2) ? null : new((int)_find.Int64(2), _find.Text(3), _find.Bytes(4));
        var claim = new Claim(id, _find.Hash(0), DateTimeOffset.FromUnixTimeMilliseconds(_find.Int64(1)), answer);
        _find.Reset();
        return claim;
    }
}
