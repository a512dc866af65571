namespace NumberLedger.Grains;

/// <summary>Which blocks the ledger has entries in.</summary>
public interface IBlockDirectory
{
    /// <summary>
    /// Ascending, beginning at <paramref name="from"/>, at most <paramref name="countMax"/>; the registry's block left
    /// out.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">The store did not answer.</exception>
    Task<IReadOnlyList<NumberBlock>> ListAsync(NumberBlock from, int countMax, CancellationToken cancellationToken);
}
