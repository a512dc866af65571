namespace NumberLedger;

/// <summary>A store that can be copied while it is written, by reading alone.</summary>
/// <remarks>
/// Entries are only added. So the heads of one moment say what a copy of that moment holds, however long it takes to
/// read the entries up to them, and nothing has to be held still meanwhile.
/// </remarks>
public interface IBackupStore : ILedgerStore
{
    /// <summary>The heads of all blocks as of one moment, between two transactions.</summary>
    /// <remarks>
    /// A driver MUST include every append that was acknowledged before the call; MUST NOT show a part of what one
    /// transaction wrote; MUST throw <see cref="StoreUnavailableException"/> while the store is degraded: a copy of it
    /// would look whole.
    /// </remarks>
    Task<BackupMoment> ReadMomentAsync(CancellationToken cancellationToken);
}

/// <param name="Ledger">16 random bytes that tell this ledger from any other.</param>
/// <param name="Heads">Of the blocks that have entries, ascending.</param>
public sealed record BackupMoment(UInt128 Ledger, IReadOnlyList<KeyValuePair<NumberBlock, BlockHead>> Heads);
