using System.Globalization;

namespace NumberLedger;

/// <summary>
/// Ten thousand consecutive numbers: E.164 without the last four digits. In North America, one NPA-NXX.
/// </summary>
/// <remarks>
/// Units: a key counts blocks, an offset counts numbers inside a block (0 to 9,999). The shortest number has seven
/// digits, so keys of numbers begin at 100; key 0 is free, and holds the registry.
/// </remarks>
public readonly record struct NumberBlock(long Key) : IComparable<NumberBlock>
{
    public const int NumbersPerBlock = 10_000;

    /// <summary>Where parties, keys and feeds are recorded: a block without numbers.</summary>
    public static NumberBlock Registry => new(0);

    public static NumberBlock Of(PhoneNumber number) => new(number.Digits / NumbersPerBlock);
    public static ushort OffsetOf(PhoneNumber number) => (ushort)(number.Digits % NumbersPerBlock);

    public bool TryNumberAt(int offset, out PhoneNumber number) =>
        PhoneNumber.TryFromDigits((Key * NumbersPerBlock) + offset, out number);

    public int CompareTo(NumberBlock other) => Key.CompareTo(other.Key);
    public override string ToString() => Key.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(NumberBlock left, NumberBlock right) => left.Key < right.Key;
    public static bool operator >(NumberBlock left, NumberBlock right) => left.Key > right.Key;
    public static bool operator <=(NumberBlock left, NumberBlock right) => left.Key <= right.Key;
    public static bool operator >=(NumberBlock left, NumberBlock right) => left.Key >= right.Key;
}
