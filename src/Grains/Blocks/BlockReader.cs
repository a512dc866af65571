using System.Diagnostics;

namespace NumberLedger.Grains;

internal sealed class BlockReader(BlockReplicas replicas, BlockChecks checks, IGrainFactory grains) : IBlockReader
{
    /// <summary>
    /// For the silo that holds the block, before this process looks for itself: longer than a healthy silo needs to
    /// read a large block for the first time.
    /// </summary>
    private static readonly TimeSpan HolderPatience = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// For it to have a say: longer than it may wait for the head, which may tell it that the store went back.
    /// </summary>
    private static readonly TimeSpan HolderHeard = TimeSpan.FromMilliseconds(300);

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
        long since = Stopwatch.GetTimestamp();
        Task<CheckReply> asked = grains.Block(block).CheckAsync(query, CancellationToken.None);
        try
        {
            return await asked.WaitAsync(HolderPatience);
        }
        catch (StoreOutOfReachException) when (replicas.TryGet(block, out _))
        {
            throw; // The holder is this process.
        }
        catch (Exception cannot) when (cannot is SiloUnreachableException or StoreOutOfReachException)
        {
            return await checks.CheckAsync(replicas.Of(block), query);
        }
        catch (TimeoutException)
        {
            CheckReply own = await checks.CheckAsync(replicas.Of(block), query);
            TimeSpan left = HolderHeard - Stopwatch.GetElapsedTime(since);
            if (left > TimeSpan.Zero) await Task.WhenAny(asked, Task.Delay(left));
            return asked.Exception?.InnerException is LedgerUnavailableException against
                and not (SiloUnreachableException or StoreOutOfReachException)
                ? throw against
                : own;
        }
    }
}
