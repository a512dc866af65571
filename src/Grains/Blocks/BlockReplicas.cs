using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace NumberLedger.Grains;

/// <summary>The blocks whose indexes are in this process: each is opened and closed by its grain.</summary>
internal sealed class BlockReplicas(
    ILedgerStore store, StoreCalls calls, HeadReader heads, Sealer sealer, LedgerHealth health)
{
    private readonly ConcurrentDictionary<NumberBlock, BlockReplica> _open = new();

    /// <summary>An empty replica of the block, in place of one that was open before.</summary>
    public BlockReplica Open(NumberBlock block) =>
        _open[block] = new BlockReplica(block, store, calls, heads, sealer, health);

    /// <summary>The replica of the block, opened if it is not.</summary>
    public BlockReplica Of(NumberBlock block) =>
        _open.GetOrAdd(block, key => new BlockReplica(key, store, calls, heads, sealer, health));

    /// <summary>Forgets the replica, unless another one was opened since.</summary>
    public void Close(NumberBlock block, BlockReplica replica) => _open.TryRemove(new(block, replica));

    public bool TryGet(NumberBlock block, [NotNullWhen(true)] out BlockReplica? replica) =>
        _open.TryGetValue(block, out replica);
}
