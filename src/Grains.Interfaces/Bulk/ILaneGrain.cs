namespace NumberLedger.Grains;

/// <summary>
/// Answers and records lines of files for the blocks of one lane, in the silo that holds their indexes. Key: the lane.
/// </summary>
/// <remarks>
/// A call per block would cost more than the answers, and a call per silo would have to know the silos. As for
/// <see cref="IBlockGrain"/>, nothing is answered that was not validated after the question arrived.
/// </remarks>
[GrainInterfaceType("lane"), Alias("lane")]
public interface ILaneGrain : IGrainWithIntegerKey
{
    /// <summary>Many cold blocks take their time, and many rows.</summary>
    const string Timeout = "00:00:15";

    /// <exception cref="LedgerUnavailableException">Some block could not be validated.</exception>
    [Alias("check"), ResponseTimeout(Timeout)]
    Task<LaneReply> CheckAsync(LaneQuery query, CancellationToken cancellationToken);

    /// <summary>As <see cref="IBulkWriter.WriteAsync"/>.</summary>
    /// <exception cref="LedgerUnavailableException">The outcome is unknown.</exception>
    [Alias("write"), ResponseTimeout(Timeout)]
    Task<BulkReply[]> WriteAsync(LaneRows rows, CancellationToken cancellationToken);
}

/// <summary>Lanes: the blocks are dealt out to them in turn, and they to the silos.</summary>
public static class Lanes
{
    /// <summary>
    /// Enough that each of a dozen silos gets its share; few enough that one call's part of a chunk is worth a call.
    /// Part of the wire: silos of two releases must agree.
    /// </summary>
    public const int Count = 64;

    public static int Of(NumberBlock block) => (int)(block.Key % Count);
}

/// <param name="Lender">On whose bindings the checks stand.</param>
/// <param name="Questions">As LaneBytes packs them: bytes are copied, other arrays encoded element by element.</param>
[GenerateSerializer, Immutable, Alias("lane-query.v1")]
public sealed record LaneQuery(
    [property: Id(0)] string Lender, [property: Id(1)] RegistryRule? Rule, [property: Id(2)] byte[] Questions);

/// <param name="Answers">As LaneBytes packs them, in the order of the questions.</param>
[GenerateSerializer, Immutable, Alias("lane-reply.v1")]
public sealed record LaneReply([property: Id(0)] byte[] Answers);

/// <param name="Numbers">Of the lane's blocks.</param>
/// <param name="Said">For each of the numbers, what <see cref="IBulkRows.SaidAt"/> says, as it is stored.</param>
[GenerateSerializer, Immutable, Alias("lane-rows.v1")]
public sealed record LaneRows(
    [property: Id(0)] PhoneNumber[] Numbers, [property: Id(1)] byte[][] Said, [property: Id(2)] bool DryRun);
