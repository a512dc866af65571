namespace NumberLedger;

/// <summary>
/// Keeps each block's newest snapshot beside its entries. Derived: any of them may be lost at any
/// time.
/// </summary>
/// <remarks>
/// Any method may throw <see cref="StoreUnavailableException"/>. A driver MUST NOT keep a snapshot past its block's
/// head: a store that is found behind one of its snapshots went back, and is not believed. An erasure MUST delete the
/// block's snapshot in its own transaction, and MUST keep one of an earlier position from being saved after it.
/// </remarks>
public interface ISnapshotStore
{
    /// <summary>Snapshots of blocks, in the order asked, those left out that have none.</summary>
    /// <param name="bytesMax">
    /// No further one is read once so many bytes are: the first is returned whatever its size.
    /// </param>
    /// <returns>MUST be as saved; one whose row is damaged MAY be left out.</returns>
    Task<SnapshotPage> ReadSnapshotsAsync(
        IReadOnlyList<NumberBlock> blocks, long bytesMax, CancellationToken cancellationToken);

    /// <summary>
    /// Saves a snapshot in place of the one before. Nothing happens if the stored one is of a later position, or if the
    /// block has no such entry any more: its head is before the position, or at it with another hash.
    /// </summary>
    /// <remarks>
    /// A driver MUST judge and save in one transaction; MUST NOT let it fail an append, and SHOULD NOT let appends wait
    /// for it. It need not survive a crash of the machine.
    /// </remarks>
    Task SaveSnapshotAsync(NumberBlock block, StoredSnapshot snapshot, CancellationToken cancellationToken);
}

/// <param name="Position">Of the last entry that is in it.</param>
/// <param name="Hash">Of that entry.</param>
/// <param name="Sealed">See <see cref="SnapshotSealer"/>.</param>
public sealed record StoredSnapshot(long Position, Hash256 Hash, byte[] Sealed)
{
    /// <summary>0 for one that is damaged beyond that.</summary>
    public byte Format => Sealed is [var format, ..] ? format : (byte)0;
}

/// <param name="BlocksRead">
/// How many of the blocks were looked at: fewer than were asked for if the bytes were enough before.
/// </param>
public sealed record SnapshotPage(IReadOnlyList<(NumberBlock Block, StoredSnapshot Snapshot)> Found, int BlocksRead);
