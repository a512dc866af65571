using System.Globalization;

namespace NumberLedger.Terminal;

/// <summary>A count with its word, in English: 1 block, 1,000 blocks.</summary>
internal static class Counts
{
    public static string Blocks(long count) => Of(count, "block", "blocks");

    public static string Entries(long count) => Of(count, "entry", "entries");

    public static string Of(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
