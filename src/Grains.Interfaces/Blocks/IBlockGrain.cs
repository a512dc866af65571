namespace NumberLedger.Grains;

/// <summary>
/// Answers checks for ten thousand consecutive numbers from an index that is validated before it is believed.
/// </summary>
/// <remarks>
/// Every method may throw <see cref="LedgerUnavailableException"/>: no head within its deadline, or a store that went
/// back. Nothing is ever answered from an index that was not validated after the question arrived.
/// </remarks>
[GrainInterfaceType(GrainKeys.BlockName), Alias("block")]
public interface IBlockGrain : IGrainWithIntegerKey
{
    [Alias("check")]
    Task<CheckReply> CheckAsync(CheckQuery query, CancellationToken cancellationToken);

    /// <summary>Did the present holder hold the number on that day?</summary>
    [Alias("check-recycling")]
    Task<RecyclingReply> CheckRecyclingAsync(RecyclingQuery query, CancellationToken cancellationToken);

    /// <summary>A lender's own bindings in this block, by offset.</summary>
    [Alias("list-bindings")]
    Task<BindingListing[]> ListBindingsAsync(BindingsQuery query, CancellationToken cancellationToken);

    /// <summary>Would <see cref="SetRangeAsync"/> be refused? Nothing is recorded.</summary>
    [Alias("judge-range")]
    Task<CommandReply> JudgeRangeAsync(LedgerEvent.RangeSet range, CancellationToken cancellationToken);

    [Alias("set-range")]
    Task<CommandReply> SetRangeAsync(LedgerEvent.RangeSet range, CancellationToken cancellationToken);

    [Alias("end-range")]
    Task<CommandReply> EndRangeAsync(LedgerEvent.RangeEnded range, CancellationToken cancellationToken);
}
