namespace NumberLedger.Grains;

internal sealed class BlockReader(BlockReplicas replicas, BlockChecks checks, IGrainFactory grains) : IBlockReader
{
    public ValueTask<CheckReply> CheckAsync(NumberBlock block, CheckQuery query) =>
        replicas.TryGet(block, out BlockReplica? replica)
        ? checks.CheckAsync(replica, query)
        : new(grains.Block(block).CheckAsync(query, CancellationToken.None));
}
