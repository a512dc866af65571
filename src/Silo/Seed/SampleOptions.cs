namespace NumberLedger.Silo;

/// <param name="Seed">Another seed is another world.</param>
/// <param name="Numbers">Lines of the campaign list, and about as many numbers in the whole sample.</param>
/// <param name="Today">The day on which the sample ends: nothing in it is later.</param>
internal sealed record SampleOptions(ulong Seed, int Numbers, DateOnly Today)
{
    public const int NumbersMin = 100;

    /// <summary>All of it is held in memory, and there are only so many realistic blocks to draw from.</summary>
    public const int NumbersMax = 1_000_000;

    /// <summary>The carriers' records began a few years before; an earlier end leaves too little between.</summary>
    public static readonly DateOnly TodayMin = new(2026, 1, 1);

    /// <summary>What the folder samples/ was made with.</summary>
    public static SampleOptions Committed { get; } = new(1, 100_000, new DateOnly(2026, 6, 1));
}
