namespace NumberLedger.Testing;

/// <summary>A store as another one is; a test changes what it is about.</summary>
internal abstract class WrappedStore(ILedgerStore inner) : ILedgerStore
{
    public string? Degraded => inner.Degraded;

    public virtual bool HeadsInMemory => inner.HeadsInMemory;

    public int EntriesMax => inner.EntriesMax;

    public virtual Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken) =>
        inner.AppendAsync(append, cancellationToken);

    public virtual ValueTask<BlockHead[]> ReadHeadsAsync(
        IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken) =>
        inner.ReadHeadsAsync(blocks, cancellationToken);

    public virtual Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
        NumberBlock block, long afterPosition, int countMax, CancellationToken cancellationToken) =>
        inner.ReadBlockAsync(block, afterPosition, countMax, cancellationToken);

    public Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(
        NumberBlock block, IReadOnlyList<Pseudonym> tags, CancellationToken cancellationToken) =>
        inner.ReadTagsAsync(block, tags, cancellationToken);

    public Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken) =>
        inner.ReadBlocksAsync(from, countMax, cancellationToken);
}
