using System.Globalization;

namespace NumberLedger.Grains;

/// <summary>How things are called as grains. Never by a phone number: keys appear in logs and dashboards.</summary>
public static class GrainKeys
{
    public static INumberGrain Number(this IGrainFactory grains, Sealer sealer, PhoneNumber number) =>
        grains.GetGrain<INumberGrain>($"{NumberBlock.Of(number)}/{sealer.TagOf(number)}");

    public static IBlockGrain Block(this IGrainFactory grains, NumberBlock block) =>
        grains.GetGrain<IBlockGrain>(block.Key);

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
