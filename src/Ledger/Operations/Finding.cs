namespace NumberLedger;

/// <summary>Something in a store that is not as it was written, or not as it should have been.</summary>
/// <param name="Block">Null: the store as a whole.</param>
/// <param name="Position">Null: the block as a whole.</param>
/// <param name="Problem">One sentence, without a phone number.</param>
public sealed record Finding(NumberBlock? Block, long? Position, FindingKind Kind, string Problem)
{
    public string Remedy => Kind switch
    {
        FindingKind.StoreDegraded =>
            "Restore the newest backup, or accept what is left: docs/operating/backup.md.",
        FindingKind.WrongKey => "Put back the master key that the ledger was made with, and run fsck again.",
        FindingKind.HeadMissing or FindingKind.HeadWrong =>
            "The entries decide, not the head. Do not serve from this folder: restore the newest backup.",
        FindingKind.FoldFails or FindingKind.IndexDiffers =>
            "The stored bytes are sound: this is a fault of the program. Do not believe checks of this block; report it.",
        FindingKind.SnapshotWrong =>
            "Nothing is lost: snapshots are derived from the entries. Delete them all (numberledger store drop-snapshots); "
            + "they are made anew as blocks are asked.",
        _ => "Do not serve from this folder: restore the newest backup, and have carriers and lenders "
            + "send again what came after it.",
    };
}

/// <summary>Codes in fsck's output are the names in kebab-case; docs/reference/fsck.md explains each.</summary>
public enum FindingKind
{
    /// <summary>The store itself says that it must not be believed: it lost what its checkpoint remembers.</summary>
    StoreDegraded,

    /// <summary>The database's own check found something.</summary>
    DatabaseDamaged,

    /// <summary>No entry of the whole store opens, though their chains are whole.</summary>
    WrongKey,

    /// <summary>A column has a length or a value that nothing writes.</summary>
    RowMalformed,

    /// <summary>Positions are not 1, 2, 3 …</summary>
    PositionsMissing,

    /// <summary>Entries stand past the head.</summary>
    PastHead,

    HeadMissing,

    /// <summary>The head is not the last entry.</summary>
    HeadWrong,

    /// <summary>Versions of a record are not 1, 2, 3 …</summary>
    VersionOutOfOrder,

    /// <summary>Bytes that neither hash nor open.</summary>
    BytesChanged,

    /// <summary>Bytes that open, under a hash that is not theirs.</summary>
    HashChanged,

    /// <summary>Bytes under the right hash that do not open: another salt, or sealed with another key.</summary>
    DoesNotOpen,

    /// <summary>An entry without a salt can never be opened again. This release erases nothing.</summary>
    SaltMissing,

    /// <summary>It opens, and is not what this release or an earlier one writes.</summary>
    Unreadable,

    /// <summary>
    /// Its tag is not the pseudonym of the number that it is about, or it is no event for this record.
    /// </summary>
    WrongRecord,

    /// <summary>Recorded before the entry that it follows.</summary>
    TimeWentBack,

    /// <summary>Two entries of a record have one command id.</summary>
    CommandRepeated,

    /// <summary>The events cannot be folded.</summary>
    FoldFails,

    /// <summary>The index answers otherwise than a replay of the entries.</summary>
    IndexDiffers,

    /// <summary>A snapshot is not what the entries up to its position make.</summary>
    SnapshotWrong,
}
