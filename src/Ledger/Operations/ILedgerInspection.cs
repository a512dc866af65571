namespace NumberLedger;

/// <summary>
/// What a store holds, row by row and unjudged: for fsck, which must see also what a store would refuse to show.
/// </summary>
/// <remarks>
/// An implementation MUST return rows as they are stored, damaged ones too, and those past a head; MUST NOT repair,
/// skip or change anything. Any method may throw <see cref="StoreUnavailableException"/>: the store cannot be read at
/// all.
/// </remarks>
public interface ILedgerInspection
{
    /// <summary>Why the store itself says that it must not be believed; null if it says nothing.</summary>
    string? Degraded { get; }

    /// <summary>What the database's own check finds; empty if nothing.</summary>
    Task<IReadOnlyList<string>> CheckDatabaseAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Blocks that have a head, entries or a snapshot, ascending, beginning at <paramref name="from"/>, at most
    /// <paramref name="countMax"/>.
    /// </summary>
    Task<IReadOnlyList<NumberBlock>> ListBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken);

    /// <summary>Everything of one block. Nobody writes meanwhile.</summary>
    Task<RawBlock> ReadBlockAsync(NumberBlock block, CancellationToken cancellationToken);
}

/// <param name="Head">Null: the block has entries, but no head.</param>
/// <param name="Entries">In the order of their positions.</param>
/// <param name="Snapshot">Null: the block has none, and needs none.</param>
public sealed record RawBlock(
    NumberBlock Block, RawHead? Head, IReadOnlyList<RawEntry> Entries, RawSnapshot? Snapshot);

/// <summary>As <see cref="StoredSnapshot"/>, but nothing is known of the length of its hash.</summary>
public sealed record RawSnapshot(long Position, byte[] Hash, byte[] Sealed);

/// <param name="RecordedAt">Unix milliseconds.</param>
public sealed record RawHead(long Position, byte[] Hash, long RecordedAt);

/// <summary>As <see cref="StoredEntry"/>, but nothing is known of the lengths.</summary>
public sealed record RawEntry(
    long Position, byte[] Tag, long Version, byte[]? Salt, byte[] Sealed, byte[] Hash, byte[]? Command)
{
    public bool IsWellFormed =>
        Tag.Length == Pseudonym.Size && Hash.Length == Hash256.Size && Command?.Length is null or CommandId.Size;

    /// <summary>Only of a well-formed one.</summary>
    public StoredEntry ToStored() => new(
        Position, Pseudonym.Read(Tag), Version, Salt, Sealed, Hash256.Read(Hash),
        Command is null ? null : CommandId.Read(Command));
}
