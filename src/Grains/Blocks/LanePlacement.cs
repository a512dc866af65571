using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace NumberLedger.Grains;

/// <summary>
/// Blocks and lanes live where their lane is meant to: an index is then in one silo, and all silos have some.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class LanePlacementAttribute() : PlacementAttribute(new LanePlacement());

[GenerateSerializer, Immutable, Alias("lane-placement.v1")]
internal sealed class LanePlacement : PlacementStrategy;

/// <remarks>
/// By rendezvous: of all silos the one whose hash with the lane is highest, so a silo that comes or goes moves only its
/// own share. Silos that see different members choose differently for a while; every answer is validated all the same.
/// </remarks>
internal sealed class LanePlacementDirector : IPlacementDirector
{
    private static readonly GrainType ABlock = GrainType.Create(GrainKeys.BlockName);

    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(LanePlaces.Choose(LaneOf(target.GrainIdentity), context.GetCompatibleSilos(target)));

    private static int LaneOf(GrainId grain) =>
        !grain.TryGetIntegerKey(out long key, out _) ? 0
        : grain.Type == ABlock ? Lanes.Of(new NumberBlock(key))
        : (int)key;
}

/// <summary>Where lanes are meant to live, as this silo sees the members.</summary>
internal sealed class LanePlaces(ISiloStatusOracle members)
{
    public SiloAddress Of(int lane) =>
        Choose(lane, [.. members.GetApproximateSiloStatuses(onlyActive: true).Keys]);

    public static SiloAddress Choose(int lane, SiloAddress[] silos) =>
        silos.MaxBy(silo => HashCodeOf(lane, silo))
        ?? throw new OrleansException("There is no silo for the lane.");

    // Of the address alone: the same on every machine, and in every release.
    private static ulong HashCodeOf(int lane, SiloAddress silo)
    {
        ulong hash = ((ulong)(uint)silo.GetConsistentHashCode() << 32) | (uint)lane;
        hash = (hash ^ (hash >> 33)) * 0xFF51_AFD7_ED55_8CCD; // MurmurHash3's finalizer.
        hash = (hash ^ (hash >> 33)) * 0xC4CE_B9FE_1A85_EC53;
        return hash ^ (hash >> 33);
    }
}
