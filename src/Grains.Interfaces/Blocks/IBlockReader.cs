namespace NumberLedger.Grains;

/// <summary>Checks, wherever the block's index is.</summary>
public interface IBlockReader
{
    /// <summary>
    /// As <see cref="IBlockGrain.CheckAsync"/>, and without a call between grains if the index is in this process.
    /// </summary>
    ValueTask<CheckReply> CheckAsync(NumberBlock block, CheckQuery query);
}
