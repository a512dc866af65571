using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NumberLedger.Stores;

/// <summary>Asks, when a store is opened, whether everything that its checkpoint remembers is still there.</summary>
/// <remarks>
/// More than the checkpoint remembers is normal: it is written after the commits. A head row that equals the
/// checkpoint's stands for its entry, both were written by one transaction; only blocks that went on since are looked
/// up.
/// </remarks>
internal static class CheckpointComparison
{
    /// <returns>Why the store must not be believed, for the operator; null if nothing is missing.</returns>
    public static string? ReasonToDoubt(CheckpointReading checkpoint, Heads heads, SqliteConnection connection)
    {
        string? what =
            !checkpoint.Exists && heads.Count > 0
                ? $"it has entries in {Blocks(heads.Count)}, but no checkpoint beside it" :
            checkpoint.Damage is { } damage ? $"its checkpoint cannot be relied on: {damage}" :
            WhatIsMissing(checkpoint, heads, connection);

        return what is null
            ? null
            : $"The store may have lost acknowledged entries: {what}. Checks and writes are refused; entries can be " +
              "read. Restore the newest backup, or accept what is left: see docs/operating/backup.md.";
    }

    private static string? WhatIsMissing(CheckpointReading checkpoint, Heads heads, SqliteConnection connection)
    {
        using var hashAt = new SqliteStatement(connection, "SELECT hash FROM events WHERE block = ?1 AND seq = ?2");
        (NumberBlock Block, string What)? first = null;
        int count = 0;
        long entries = 0;
        foreach ((NumberBlock block, SignedHead signed) in checkpoint.Heads)
        {
            BlockHead stored = heads[block];
            if (WhatIsMissing(block, signed, stored, hashAt) is not { } what) continue;

            count++;
            entries += Math.Max(1, signed.Position - stored.Position);
            if (first is null || block < first.Value.Block) first = (block, what);
        }

        return first is null
            ? null
            : $"{Blocks(count)} behind the checkpoint; block {first.Value.Block}: {first.Value.What}; "
                + $"in all {Entries(entries)}{Since(heads)}";
    }

    /// <summary>Commits are lost from the end, so what is lost is later than what is left.</summary>
    private static string Since(Heads heads)
    {
        if (heads.Count == 0) return "";

        DateTimeOffset last = heads.All.Max(head => head.Value.RecordedAt);
        return string.Create(
            CultureInfo.InvariantCulture,
            $", while the last one that is there was recorded at {last.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}");
    }

    private static string? WhatIsMissing(NumberBlock block, SignedHead signed, BlockHead stored, SqliteStatement hashAt)
    {
        if (stored.Position < signed.Position)
        {
            return $"positions {stored.Position + 1} to {signed.Position} are missing";
        }

        if (stored.Position == signed.Position && stored.Hash == signed.Hash) return null;

        hashAt.Bind(1, block.Key).Bind(2, signed.Position);
        if (!hashAt.Step()) return $"position {signed.Position} is missing";
        bool same = hashAt.Hash(0) == signed.Hash;
        hashAt.Reset();
        return same ? null : $"another entry stands at position {signed.Position}";
    }

    private static string Blocks(int count) =>
        count == 1 ? "1 block" : string.Create(CultureInfo.InvariantCulture, $"{count} blocks");

    private static string Entries(long count) =>
        count == 1 ? "1 entry" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} entries");
}
