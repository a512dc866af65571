using System.Collections.Concurrent;

namespace NumberLedger.Testing;

internal enum StoreOperation
{
    Append,
    Heads,
    ReadBlock,
    ReadTags,
    ReadBlocks,
    Claim,
    Answer,
    ReadSnapshots,
    SaveSnapshot,
}

/// <summary>
/// A store between the grains and the real one: calls can be counted, delayed, failed, or lose their answers.
/// </summary>
internal sealed class FaultyStore(ILedgerStore inner) : ILedgerStore, IClaimStore, ISnapshotStore
{
    private readonly ConcurrentDictionary<StoreOperation, int> _calls = new();
    private readonly ConcurrentQueue<Fault> _faults = new();

    /// <summary>The store beneath; may be replaced, as by a restore.</summary>
    public ILedgerStore Inner { get; set; } = inner;

    private UInt128 _claimsForgotten;

    /// <summary>As a driver may, a day after they were made.</summary>
    public void ForgetClaims() => _claimsForgotten++;

    /// <summary>Told the position after which a block is read.</summary>
    public Action<long>? ReadsBlock { get; set; }

    /// <summary>Told the blocks whose heads are read together.</summary>
    public Action<IReadOnlyList<NumberBlock>>? ReadsHeads { get; set; }

    public string? Degraded => Inner.Degraded;

    public int EntriesMax => Inner.EntriesMax;

    public int CallsOf(StoreOperation operation) => _calls.GetValueOrDefault(operation);

    /// <summary>The next call of this kind does this first; an exception from it is the store's.</summary>
    public void BeforeNext(StoreOperation operation, Func<CancellationToken, Task> act) =>
        _faults.Enqueue(new Fault(operation, After: false, Once: true, act));

    /// <summary>The next call of this kind does this after it was carried out: an exception loses the answer.</summary>
    public void AfterNext(StoreOperation operation, Func<CancellationToken, Task> act) =>
        _faults.Enqueue(new Fault(operation, After: true, Once: true, act));

    public void BeforeEach(StoreOperation operation, Func<CancellationToken, Task> act) =>
        _faults.Enqueue(new Fault(operation, After: false, Once: false, act));

    public void AfterEach(StoreOperation operation, Func<CancellationToken, Task> act) =>
        _faults.Enqueue(new Fault(operation, After: true, Once: false, act));

    /// <summary>Sound again.</summary>
    public void Heal() => _faults.Clear();

    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken) =>
        CallAsync(StoreOperation.Append, () => Inner.AppendAsync(append, cancellationToken), cancellationToken);

    public ValueTask<BlockHead[]> ReadHeadsAsync(
        IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken) => new(CallAsync(
            StoreOperation.Heads,
            () =>
            {
                ReadsHeads?.Invoke(blocks);
                return Inner.ReadHeadsAsync(blocks, cancellationToken).AsTask();
            },
            cancellationToken));

    public Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
        NumberBlock block, long afterPosition, int countMax, CancellationToken cancellationToken) => CallAsync(
            StoreOperation.ReadBlock,
            () =>
            {
                ReadsBlock?.Invoke(afterPosition);
                return Inner.ReadBlockAsync(block, afterPosition, countMax, cancellationToken);
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(
        NumberBlock block, IReadOnlyList<Pseudonym> tags, CancellationToken cancellationToken) =>
        CallAsync(
            StoreOperation.ReadTags, () => Inner.ReadTagsAsync(block, tags, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken) =>
        CallAsync(
            StoreOperation.ReadBlocks, () => Inner.ReadBlocksAsync(from, countMax, cancellationToken),
            cancellationToken);

    public Task<Claim> ClaimAsync(Claim claim, CancellationToken cancellationToken) =>
        CallAsync(
            StoreOperation.Claim,
            async () =>
            {
                Claim kept = await ((IClaimStore)Inner).ClaimAsync(
                    claim with { Id = claim.Id + _claimsForgotten }, cancellationToken);
                return kept with { Id = claim.Id };
            },
            cancellationToken);

    public Task AnswerAsync(UInt128 id, ClaimAnswer answer, CancellationToken cancellationToken) => CallAsync(
        StoreOperation.Answer,
        async () =>
        {
            await ((IClaimStore)Inner).AnswerAsync(id + _claimsForgotten, answer, cancellationToken);
            return true;
        },
        cancellationToken);

    public Task<SnapshotPage> ReadSnapshotsAsync(
        IReadOnlyList<NumberBlock> blocks, long bytesMax, CancellationToken cancellationToken) => CallAsync(
            StoreOperation.ReadSnapshots,
            () => ((ISnapshotStore)Inner).ReadSnapshotsAsync(blocks, bytesMax, cancellationToken), cancellationToken);

    public Task SaveSnapshotAsync(NumberBlock block, StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        CallAsync(
            StoreOperation.SaveSnapshot,
            async () =>
            {
                await ((ISnapshotStore)Inner).SaveSnapshotAsync(block, snapshot, cancellationToken);
                return true;
            },
            cancellationToken);

    private async Task<T> CallAsync<T>(
        StoreOperation operation, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        _calls.AddOrUpdate(operation, 1, (_, count) => count + 1);
        foreach (Fault fault in Due(operation, after: false)) await fault.Act(cancellationToken);
        T result = await call();
        foreach (Fault fault in Due(operation, after: true)) await fault.Act(cancellationToken);
        return result;
    }

    private IEnumerable<Fault> Due(StoreOperation operation, bool after) =>
        [.. _faults.Where(fault => fault.Operation == operation && fault.After == after && fault.TryFire())];

    private sealed record Fault(StoreOperation Operation, bool After, bool Once, Func<CancellationToken, Task> Act)
    {
        private int _fired;

        public bool TryFire() => !Once || Interlocked.Exchange(ref _fired, 1) == 0;
    }
}

/// <summary>What can go wrong with a store.</summary>
internal static class Faults
{
    public static Task Unavailable(CancellationToken cancellationToken) =>
        throw new StoreUnavailableException("Failed, as the test asked.");

    /// <summary>Never answers, but stops when it is told to.</summary>
    public static Task Hang(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <summary>Never answers, and does not listen: a hung disk.</summary>
    public static Task HangDeaf(CancellationToken cancellationToken) =>
        Task.Delay(Timeout.Infinite, CancellationToken.None);

    /// <summary>What no driver should throw.</summary>
    public static Task Surprise(CancellationToken cancellationToken) =>
        throw new NotSupportedException("A surprise, as the test asked.");
}
