namespace NumberLedger.Bench;

/// <summary>Blocks of numbers that each have one binding.</summary>
internal static class SampleBlocks
{
    public const string Lender = "lender";

    private static readonly DateTimeOffset Consented = new(2025, 6, 1, 12, 0, 0, TimeSpan.FromHours(8));

    public static BlockIndex[] Build(int count)
    {
        NumberState[] kinds = [.. Kinds()];
        var blocks = new BlockIndex[count];
        Parallel.For(0, count, i =>
        {
            var block = new NumberBlock(861_300_000 + i);
            var index = new BlockIndex(block);
            index.Put(BlockRanges.Start(block, default) with
            {
                Thousands =
                    [.. Enumerable.Repeat<RangeShare?>(new RangeShare("carrier", new DateOnly(2020, 1, 1)), 10)],
            });
            for (int offset = 0; offset < NumberBlock.NumbersPerBlock; offset++)
            {
                index.Put((ushort)offset, kinds[(offset * 7919) % kinds.Length]);
            }

            blocks[i] = index;
        });
        return blocks;
    }

    /// <summary>A hundred states to draw from: five reassigned, two refused, the rest plain.</summary>
    private static IEnumerable<NumberState> Kinds()
    {
        for (int i = 0; i < 100; i++)
        {
            NumberState state = NumberState.Empty.Apply(
                new LedgerEvent.Bound(
                    Lender, BindingRole.Borrower, Purposes.Marketing | Purposes.Servicing, Consented,
                    new DateOnly(2025, 6, 1).AddDays(i % 30), null, null),
                Consented);
            if (i < 5)
            {
                state = state
                    .Apply(Report(CarrierEventKind.Disconnected, new DateOnly(2025, 8, 1)), Consented)
                    .Apply(Report(CarrierEventKind.Reassigned, new DateOnly(2025, 11, 10)), Consented);
            }
            else if (i < 7)
            {
                state = state.Apply(
                    new LedgerEvent.OptedOut(null, Purposes.All, Consented.AddDays(40), "operator"), Consented);
            }

            yield return state;
        }
    }

    private static LedgerEvent.CarrierReport Report(CarrierEventKind kind, DateOnly on) =>
        new(kind, "carrier", $"{kind}", on, null, null);
}
