namespace NumberLedger;

/// <summary>A backup, byte by byte. For people: docs/reference/backups.md.</summary>
/// <remarks>
/// All integers big-endian; times are Unix milliseconds.
/// <code>
/// file    = "NLBACKUP" | header frame | for each block, ascending: block frame, entries frames | end frame
/// frame   = kind, 1 byte | length of the payload, 4 bytes | payload | digest, 32 bytes
/// digest  = SHA-256( digest of the frame before, zero for the first | kind | length | payload )
///
/// kind 1, header:  format, 2: 1 | ledger id, 16 | made at, 8 | blocks, 8 | entries, 8
///                  | MAC, 32 = HMAC-SHA256( Kbackup, "header" | all before )
/// kind 2, block:   block, 8 | position of its head, 8 | hash of that entry, 32 | latest time that it recorded, 8
/// kind 3, entries: for each, at the next position of the block:
///                  tag, 16 | version, 8 | hash, 32 | flags, 1: 1 it has a salt, 2 it has a command
///                  | salt, 16, if any | command, 16, if any | length, 4 | sealed
/// kind 4, end:     MAC, 32 = HMAC-SHA256( Kbackup, "end" | digest of the frame before )
///
/// Kbackup = HKDF-SHA256( master, info "nl/backup/1" )
/// </code>
/// Digests run on from frame to frame, so that damage is found where it is, and a frame that is missing, moved or of
/// another backup does not fit. Only the last frame makes a file whole. The MACs are for who restores: the first shows
/// another master key before anything is read, the last that nobody without the key put the file together.
/// </remarks>
internal static class BackupFormat
{
    public const int Version = 1;

    public const byte Header = 1, Block = 2, Entries = 3, End = 4;

    public const int FrameHeadSize = 1 + 4;
    public const int HeaderSize = 2 + 16 + 8 + 8 + 8 + Hash256.Size;
    public const int BlockSize = 8 + 8 + Hash256.Size + 8;
    public const int EndSize = Hash256.Size;
    public const int EntrySizeMin = Pseudonym.Size + 8 + Hash256.Size + 1 + 4;

    public const byte HasSalt = 1, HasCommand = 2;

    /// <summary>
    /// Of one frame: little enough for any memory, and hundreds of times the largest entry that is written.
    /// </summary>
    public const int PayloadMax = 512 * 1024;

    public static ReadOnlySpan<byte> Magic => "NLBACKUP"u8;

    public static byte[] KeyOf(MasterKey master) => master.Derive("nl/backup/1");
}

/// <summary>What a backup is of.</summary>
/// <param name="Ledger">As <see cref="BackupMoment.Ledger"/>.</param>
/// <param name="MadeAt">When its moment was read, by the clock of who made it. UTC, whole milliseconds.</param>
public sealed record BackupHeader(UInt128 Ledger, DateTimeOffset MadeAt, long Blocks, long Entries);

/// <summary>Some entries of a block, in the order of their positions.</summary>
/// <param name="Head">Of the block, when all of its entries are there.</param>
public sealed record BackupPart(NumberBlock Block, BlockHead Head, IReadOnlyList<StoredEntry> Entries);

/// <summary>What is the matter with a backup.</summary>
public enum BackupFault
{
    /// <summary>It does not begin as a backup does, or a newer release made it.</summary>
    NotABackup,

    /// <summary>It ends before its end.</summary>
    CutOff,

    /// <summary>Bytes are not those that were written.</summary>
    Damaged,

    /// <summary>The bytes are those that were written, and the ledger was broken by then.</summary>
    LedgerBroken,

    /// <summary>It was made with another master key.</summary>
    OtherKey,
}

/// <summary>A backup is not what was written, or not of a sound ledger. Nothing of it may be used.</summary>
/// <param name="what">A sentence that goes on from "The backup", without its stop: "ends at byte 17".</param>
public sealed class BrokenBackupException(BackupFault fault, string what, Exception? cause = null)
    : Exception($"The backup {what}.", cause)
{
    public BackupFault Fault => fault;
}
