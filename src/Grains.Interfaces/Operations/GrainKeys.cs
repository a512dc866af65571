using System.Globalization;

namespace NumberLedger.Grains;

/// <summary>How things are called as grains. Never by a phone number: keys appear in logs and dashboards.</summary>
/// <remarks>
/// Numbers and blocks are called by their wire names: by its type, an interface is looked up through its attributes at
/// every call, which costs more than the call.
/// </remarks>
public static class GrainKeys
{
    public const string NumberName = "number";
    public const string BlockName = "block";

    private static readonly (GrainType Grain, GrainInterfaceType Interface) ANumber =
        (GrainType.Create(NumberName), GrainInterfaceType.Create(NumberName));

    private static readonly (GrainType Grain, GrainInterfaceType Interface) ABlock =
        (GrainType.Create(BlockName), GrainInterfaceType.Create(BlockName));

    public static INumberGrain Number(this IGrainFactory grains, Sealer sealer, PhoneNumber number)
    {
        var id = GrainId.Create(ANumber.Grain, $"{NumberBlock.Of(number)}/{sealer.TagOf(number)}");
        return (INumberGrain)grains.GetGrain(id, ANumber.Interface);
    }

    public static IBlockGrain Block(this IGrainFactory grains, NumberBlock block)
    {
        var id = GrainId.Create(ABlock.Grain, GrainIdKeyExtensions.CreateIntegerKey(block.Key));
        return (IBlockGrain)grains.GetGrain(id, ABlock.Interface);
    }

    public static ILaneGrain Lane(this IGrainFactory grains, int lane) => grains.GetGrain<ILaneGrain>(lane);

    public static IRegistryGrain Registry(this IGrainFactory grains) => grains.GetGrain<IRegistryGrain>(0);

    public static IClaimGrain Claim(this IGrainFactory grains, UInt128 id) =>
        grains.GetGrain<IClaimGrain>(id.ToString("x32"));

    public static (NumberBlock Block, Pseudonym Tag) ReadNumber(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        return (
            new NumberBlock(long.Parse(key.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture)),
            new Pseudonym(UInt128.Parse(key.AsSpan(slash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
    }

    public static UInt128 ReadClaim(string key) =>
        UInt128.Parse(key, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
