namespace NumberLedger;

/// <summary>Where entries last. Its transaction is the only arbiter: everything in memory is a replica.</summary>
/// <remarks>
/// Any method may throw <see cref="StoreUnavailableException"/>. From <see cref="AppendAsync"/> it means
/// <em>unknown</em>: the entries may or may not be there, and the caller MUST NOT report either. From a read it means
/// that nothing is known, and the caller MUST NOT answer from memory instead.
/// </remarks>
public interface ILedgerStore
{
    /// <summary>
    /// Why this store must not be believed (behind its checkpoint, damaged), or null while it is sound.
    /// </summary>
    /// <remarks>
    /// A driver MUST refuse appends and heads with <see cref="StoreUnavailableException"/> while this is not null.
    /// </remarks>
    string? Degraded { get; }

    /// <summary>
    /// Heads are kept in memory because nobody else can write this store: <see cref="ReadHeadsAsync"/> completes at
    /// once, so there is nothing to share, and nothing to wait for.
    /// </summary>
    bool HeadsInMemory => false;

    /// <summary>
    /// Entries of one append at most, at least 16; a caller that has more makes several appends of them. More are an
    /// <see cref="ArgumentException"/>.
    /// </summary>
    int EntriesMax => int.MaxValue;

    /// <summary>Appends entries to one block if, and only if, every expected version is the stored one.</summary>
    /// <returns>
    /// <see cref="AppendOutcome.Appended"/>: every entry is durable, at contiguous positions in the given order.
    /// <see cref="AppendOutcome.Conflict"/>: some tag is at another version, lower <em>or</em> higher; nothing was
    /// written.
    /// <see cref="AppendOutcome.Repeated"/>: one of the entries' tags already has an entry with that entry's command
    /// id; nothing was written. Judged before conflicts: a repeated command is at an old version by nature.
    /// In every case the block's head, as of the transaction.
    /// </returns>
    /// <remarks>
    /// A driver MUST write all of the entries or none; MUST NOT return before they survive a crash of machine and
    /// process; MUST give positions without gaps, in commit order, also under concurrent writers; MUST NOT let one
    /// append's conflict fail another's; MUST NOT change or delete a stored entry. A cancelled append is unknown.
    /// </remarks>
    Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken);

    /// <summary>The heads of blocks, in the order asked; <c>default</c> for a block without entries.</summary>
    /// <remarks>
    /// A driver MUST read after the call began: every append acknowledged before it is included. MUST NOT answer
    /// from a cache unless nobody else can write the store.
    /// </remarks>
    ValueTask<BlockHead[]> ReadHeadsAsync(IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken);

    /// <summary>Entries of a block after a position, in position order, at most <paramref name="countMax"/>.</summary>
    /// <remarks>
    /// A driver MUST NOT return an entry without all entries of the block before it having been readable.
    /// </remarks>
    Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
        NumberBlock block, long afterPosition, int countMax, CancellationToken cancellationToken);

    /// <summary>
    /// All entries of the given tags of a block, each tag's in version order, from one consistent read.
    /// </summary>
    Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(
        NumberBlock block, IReadOnlyList<Pseudonym> tags, CancellationToken cancellationToken);

    /// <summary>
    /// Blocks that have entries, ascending, beginning at <paramref name="from"/>, at most <paramref name="countMax"/>.
    /// </summary>
    Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken);
}

/// <param name="Expected">
/// The version of every tag that the decision rests on, 0 for none yet: those appended to, and those only read, such
/// as the block's own record, which holds its ranges.
/// </param>
/// <param name="Entries">Per tag consecutive versions from the expected one plus one. Not empty.</param>
/// <param name="RecordedAt">The latest time inside the entries, UTC, whole milliseconds.</param>
public sealed record Append(
    NumberBlock Block,
    IReadOnlyList<ExpectedVersion> Expected,
    IReadOnlyList<NewEntry> Entries,
    DateTimeOffset RecordedAt);

public readonly record struct ExpectedVersion(Pseudonym Tag, long Version);

public readonly record struct AppendResult(AppendOutcome Outcome, BlockHead Head);

public enum AppendOutcome
{
    Appended,
    Conflict,
    Repeated,
}

/// <summary>The store did not answer, or must not be believed. From a write: the outcome is unknown.</summary>
public sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
