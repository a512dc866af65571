namespace NumberLedger.Grains;

internal sealed class BlockDirectory(ILedgerStore store, StoreCalls calls) : IBlockDirectory
{
    public async Task<IReadOnlyList<NumberBlock>> ListAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken)
    {
        NumberBlock first = from > NumberBlock.Registry ? from : new NumberBlock(NumberBlock.Registry.Key + 1);
        return await calls.ReadAsync(token => store.ReadBlocksAsync(first, countMax, token), cancellationToken);
    }
}
