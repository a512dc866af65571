namespace NumberLedger.Bench.Compare;

/// <summary>How much of everything. The table of the documentation is of <see cref="Full"/>.</summary>
/// <param name="Blocks">Of the ledger that all compare with: 500 are 5 million numbers.</param>
/// <param name="Lines">Of the file of the table, a fifth of <paramref name="LinesMany"/>.</param>
/// <param name="BlocksPlotted">Of the ledgers of which a plot shows the rate; the last is the big one.</param>
/// <param name="LinesPlotted">Of the files of which a plot shows the rate.</param>
internal sealed record Sizes(
    int Blocks, int Lines, int LinesMany, int Rounds, int[] BlocksPlotted, int[] LinesPlotted)
{
    public static readonly Sizes Full =
        new(500, 1_000_000, 5_000_000, 5, [50, 500, 2_000, 10_000], [10_000, 100_000, 1_000_000, 5_000_000]);

    /// <summary>The same with three rounds and without the largest ledgers.</summary>
    public static readonly Sizes Brief =
        new(500, 1_000_000, 5_000_000, 3, [50, 500, 2_000], [10_000, 100_000, 1_000_000]);

    /// <summary>Whether everything runs, and whether all agree. Its figures mean nothing.</summary>
    public static readonly Sizes Quick = new(40, 50_000, 250_000, 3, [10, 40, 100], [1_000, 10_000, 50_000, 250_000]);
}
