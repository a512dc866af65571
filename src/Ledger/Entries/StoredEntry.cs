namespace NumberLedger;

/// <summary>One record as a store holds it: sealed, chained, at a position of its block.</summary>
/// <param name="Position">1, 2, 3 … within the block, without gaps, in commit order.</param>
/// <param name="Tag">Whose record it is: a number's pseudonym, or the block's own.</param>
/// <param name="Version">1, 2, 3 … within the tag.</param>
/// <param name="Salt">16 bytes; null once erased: the entry can then never be opened again, and still verifies.</param>
/// <param name="Sealed">See <see cref="Sealer"/>.</param>
/// <param name="Hash">See <see cref="Chain"/>.</param>
/// <param name="Command">The command that caused it, if it came with an id.</param>
public sealed record StoredEntry(
    long Position, Pseudonym Tag, long Version, byte[]? Salt, byte[] Sealed, Hash256 Hash, CommandId? Command);

/// <summary>A record on its way into a store: everything but its position, which only the transaction knows.</summary>
/// <param name="Salt">Null only in a copy of an entry that was erased.</param>
public sealed record NewEntry(
    Pseudonym Tag, long Version, byte[]? Salt, byte[] Sealed, Hash256 Hash, CommandId? Command);

/// <summary>The last position of a block, that entry's hash, and the latest time at which the block recorded.</summary>
/// <param name="Position">0: the block has no entries, and the other two are default.</param>
/// <param name="RecordedAt">UTC, whole milliseconds.</param>
public readonly record struct BlockHead(long Position, Hash256 Hash, DateTimeOffset RecordedAt);
