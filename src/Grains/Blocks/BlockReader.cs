namespace NumberLedger.Grains;

internal sealed class BlockReader(BlockReplicas replicas, BlockChecks checks, IGrainFactory grains) : IBlockReader
{
    /// <summary>
    /// For the silo that holds the block. With what this process may then wait for the head, it is less than half a
    /// second; longer than a healthy silo needs to read a large block for the first time.
    /// </summary>
    private static readonly TimeSpan HolderPatience = TimeSpan.FromMilliseconds(200);

    public ValueTask<CheckReply> CheckAsync(NumberBlock block, CheckQuery query) =>
        replicas.TryGet(block, out BlockReplica? replica)
        ? checks.CheckAsync(replica, query)
        : AskHolderAsync(block, query);

    /// <summary>
    /// If the holder cannot answer, an index of this process does: it is validated by the store, not by where it is.
    /// But not if the holder has something against the store: it may know more than this process.
    /// </summary>
    private async ValueTask<CheckReply> AskHolderAsync(NumberBlock block, CheckQuery query)
    {
        try
        {
            return await grains.Block(block).CheckAsync(query, CancellationToken.None).WaitAsync(HolderPatience);
        }
        catch (StoreOutOfReachException) when (replicas.TryGet(block, out _))
        {
            throw; // The holder is this process.
        }
        catch (Exception cannot) when (
            cannot is SiloUnreachableException or StoreOutOfReachException or TimeoutException)
        {
            return await checks.CheckAsync(replicas.Of(block), query);
        }
    }
}
