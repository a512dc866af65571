using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace NumberLedger.Grains;

/// <summary>All indexes of this process, under one ceiling of memory.</summary>
/// <remarks>
/// Which of them leaves is decided by chances: a hand goes around, takes one from each that was asked since, and lets
/// the first leave that has none. Whoever holds a replica that left goes on with it: it is validated like any other.
/// </remarks>
internal sealed class BlockReplicas(BlockSource source, SnapshotSaver saver, IndexMemory memory)
{
    /// <summary>Roughly: a replica without an index, and its places here.</summary>
    private const int BytesOfNothing = 512;

    private readonly ConcurrentDictionary<NumberBlock, BlockReplica> _open = new();
    private readonly Lock _gate = new(); // Guards what follows, every replica's weight, and who is open.
    private readonly List<BlockReplica> _ring = [];
    private int _hand;
    private long _bytes;

    /// <summary>Of all indexes that have not left.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate) return _bytes;
        }
    }

    /// <summary>The block's replica in this process; an empty one if it was not here.</summary>
    public BlockReplica Of(NumberBlock block) => TryGet(block, out BlockReplica? open) ? open : Open(block);

    public bool TryGet(NumberBlock block, [NotNullWhen(true)] out BlockReplica? replica) =>
        _open.TryGetValue(block, out replica);

    /// <summary>Opens the snapshots of many blocks that will be asked next, with few calls to the store.</summary>
    /// <remarks>
    /// What it leaves out (blocks without a snapshot, and all after a quarter of the ceiling was filled) is read when
    /// it is asked. Nothing is believed by it: every question is validated all the same.
    /// </remarks>
    /// <param name="cold">
    /// With the heads that the store had; those that have an index already are passed over. The replicas that will be
    /// asked: of a block that left meanwhile it is another one than <see cref="Of"/> gives.
    /// </param>
    /// <exception cref="LedgerUnavailableException">The snapshots cannot be read.</exception>
    public async Task PrefetchAsync(
        IReadOnlyList<(BlockReplica Replica, BlockHead Head)> cold, CancellationToken cancellationToken)
    {
        var waiting = new Dictionary<NumberBlock, (BlockReplica Replica, BlockHead Head)>(cold.Count);
        foreach ((BlockReplica replica, BlockHead head) in cold)
        {
            if (head.Position > 0 && replica.Head.Position == 0) waiting[replica.Block] = (replica, head);
        }

        long bytes = 0;
        await foreach (BlockIndex index in source.OpenSnapshotsAsync([.. waiting.Keys], cancellationToken))
        {
            (BlockReplica replica, BlockHead head) = waiting[index.Block];
            replica.Begin(index, head);
            if ((bytes += index.Bytes) > memory.BytesMax / 4) return;
        }
    }

    /// <summary>Says what an index takes now; others may leave for it.</summary>
    public void Weigh(BlockReplica replica, int bytes)
    {
        List<BlockReplica> leaving = [];
        lock (_gate)
        {
            // It left meanwhile: whoever holds it holds it.
            if (!TryGet(replica.Block, out BlockReplica? open) || open != replica) return;

            SetWeight(replica, BytesOfNothing + bytes);
            while (_bytes > memory.BytesMax && TryTakeNext(replica, out BlockReplica? next)) leaving.Add(next);
        }

        foreach (BlockReplica left in leaving) left.Leave();
    }

    private BlockReplica Open(NumberBlock block)
    {
        BlockReplica? replica;
        lock (_gate)
        {
            if (TryGet(block, out replica)) return replica;

            _open[block] = replica = new BlockReplica(block, source, this, saver);
            _ring.Add(replica);
        }

        Weigh(replica, 0);
        return replica;
    }

    /// <param name="kept">Not this one: it is only just asked.</param>
    private bool TryTakeNext(BlockReplica kept, [NotNullWhen(true)] out BlockReplica? next)
    {
        for (int steps = (BlockReplica.ChancesMax + 1) * _ring.Count; steps > 0; steps--)
        {
            if (_hand >= _ring.Count) _hand = 0;
            next = _ring[_hand];
            if (next == kept || next.TakeChance())
            {
                _hand++;
                continue;
            }

            (_ring[_hand], _ring[^1]) = (_ring[^1], _ring[_hand]);
            _ring.RemoveAt(_ring.Count - 1);
            _open.TryRemove(next.Block, out _);
            SetWeight(next, 0);
            return true;
        }

        next = null;
        return false;
    }

    private void SetWeight(BlockReplica replica, int bytes)
    {
        _bytes += bytes - replica.Weight;
        replica.Weight = bytes;
    }
}
