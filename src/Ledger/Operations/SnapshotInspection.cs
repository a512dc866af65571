namespace NumberLedger;

/// <summary>Compares a block's stored snapshot, byte by byte, with one made anew from the entries.</summary>
public static class SnapshotInspection
{
    /// <param name="entries">All of the block, found sound by <see cref="BlockInspection"/>.</param>
    /// <returns>Nothing for a snapshot of another release's format: nobody believes it, and it is made anew.</returns>
    public static IReadOnlyList<Finding> Judge(RawBlock raw, Sealer sealer, IReadOnlyList<StoredEntry> entries) =>
        raw.Snapshot is { } snapshot && WhatIsWrong(raw.Block, snapshot, sealer, entries) is { } problem
            ? [new Finding(raw.Block, snapshot.Position, FindingKind.SnapshotWrong, problem)]
            : [];

    private static string? WhatIsWrong(
        NumberBlock block, RawSnapshot raw, Sealer sealer, IReadOnlyList<StoredEntry> entries)
    {
        if (raw.Hash.Length != Hash256.Size) return "its snapshot has a column of a length that nothing writes.";

        var snapshot = new StoredSnapshot(raw.Position, Hash256.Read(raw.Hash), raw.Sealed);
        if (sealer.Snapshots.TryOpen(block, snapshot) is not { } bytes)
        {
            return "its snapshot does not open: changed bytes, or sealed for another block, position or key.";
        }

        if (block == NumberBlock.Registry) return "the registry has a snapshot, which nothing writes.";
        if (snapshot.Position < 1 || snapshot.Position > entries.Count)
        {
            return "its snapshot is of a position that it does not have.";
        }

        if (entries[(int)snapshot.Position - 1].Hash != snapshot.Hash)
        {
            return "its snapshot is of another entry at that position.";
        }

        if (snapshot.Format != SnapshotCodec.Format) return null;

        StoredEntry[] inIt = [.. entries.Take((int)snapshot.Position)];
        byte[] anew = SnapshotCodec.Encode(BlockFold.Fold(block, sealer, inIt).ToIndex(block));
        return bytes.AsSpan().SequenceEqual(anew) ? null : "its snapshot says otherwise than its entries.";
    }
}
