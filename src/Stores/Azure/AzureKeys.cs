using System.Globalization;

namespace NumberLedger.Stores;

/// <summary>
/// Where rows are: a partition is a block, so that one transaction can take all that an append touches.
/// </summary>
/// <remarks>
/// Keys are compared as text, so every number in them has all its digits. Rows are only ever inserted, but for the head
/// and the snapshot: whoever decided on a head that has moved finds the next position taken, whatever else it may have
/// missed.
/// </remarks>
internal static class AzureKeys
{
    /// <summary>The row of the head: before all others of its block.</summary>
    public const string Head = "0";

    /// <summary>The partition of what is not of a block: after all blocks.</summary>
    public const string Meta = "meta";

    /// <summary>A number has 15 digits at most, and a block's key four fewer.</summary>
    private const int BlockDigits = 11;

    public const long BlockMax = 99_999_999_999;

    /// <exception cref="ArgumentOutOfRangeException">No number is in such a block.</exception>
    public static string Partition(NumberBlock block) => block.Key is >= 0 and <= BlockMax
        ? block.Key.ToString("D11")
        : throw new ArgumentOutOfRangeException(nameof(block), block.Key, "No number is in such a block.");

    /// <exception cref="FormatException">Nothing writes such a partition.</exception>
    public static NumberBlock BlockOf(string partition) =>
        partition.Length == BlockDigits
        && long.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out long key)
            ? new NumberBlock(key)
            : throw new FormatException($"The partition {partition} is none of this store.");

    public static string Entry(long position) => $"e{position:D12}";

    public static long? PositionOf(string entryRow) =>
        long.TryParse(entryRow.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out long position)
            ? position
            : null;

    /// <summary>In the list of a number's (or the block's own) entries.</summary>
    public static string Version(Pseudonym tag, long version) => $"t{tag}{version:D12}";

    public static string Command(Pseudonym tag, CommandId command) => $"c{tag}{command.Value:x32}";

    /// <summary>As it is written.</summary>
    public static string TagOf(string versionRow) => versionRow[1..^12];

    /// <param name="part">From 0.</param>
    public static string Snapshot(int part) => $"s{part:D2}";

    public static string Entries(string partition, long first, long last) =>
        Rows(partition, Entry(first), Entry(last + 1));

    public static string AllEntries(string partition) => Rows(partition, "e", "f");

    public static string Versions(string partition, Pseudonym tag) => Rows(partition, $"t{tag}", $"t{tag}:");

    public static string AllVersions(string partition) => Rows(partition, "t", "u");

    public static string AllCommands(string partition) => Rows(partition, "c", "d");

    public static string Snapshots(string partition) => Rows(partition, "s", "t");

    /// <summary>All of the blocks from one on: ':' is what follows '9'.</summary>
    public static string Blocks(NumberBlock from) => $"PartitionKey ge '{Partition(from)}' and PartitionKey lt ':'";

    private static string Rows(string partition, string from, string before) =>
        $"PartitionKey eq '{partition}' and RowKey ge '{from}' and RowKey lt '{before}'";
}
