namespace NumberLedger;

/// <summary>What an entry says once opened.</summary>
/// <param name="RecordedAt">
/// When the ledger was told: UTC, whole milliseconds, never before an earlier entry's of the tag.
/// </param>
/// <param name="Offset">
/// The number's place in its block, 0 to 9,999; <see cref="NoOffset"/> in a block's own record.
/// </param>
public sealed record EntryContent(DateTimeOffset RecordedAt, ushort Offset, LedgerEvent Event)
{
    public const ushort NoOffset = ushort.MaxValue;
}

/// <summary>An opened entry at its place.</summary>
/// <param name="Content">Null: erased.</param>
public sealed record LedgerEntry(
    long Position, Pseudonym Tag, long Version, Hash256 Hash, CommandId? Command, EntryContent? Content);
