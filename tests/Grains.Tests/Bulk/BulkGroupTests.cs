using CsCheck;

namespace NumberLedger.Grains.Tests;

public sealed class BulkGroupTests
{
    private static readonly NumberBlock[] Blocks = The.NewBlocks(3);

    private static readonly Gen<BulkRow[]> Rows = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 9])
        .Select(place => new BulkRow(Blocks[place.Item1].At(place.Item2), The.Bound())).Array[0, 60];

    [Fact]
    public void Groups_hold_every_row_once_whole_numbers_of_one_block_in_the_order_of_the_file() =>
        Gen.Select(Rows, Gen.Int[1, 12]).Sample((rows, rowsMax) =>
        {
            List<BulkGroup> groups = BulkGroup.Cut(new BulkRows(rows), rowsMax);

            Assert.Equal(Enumerable.Range(0, rows.Length), groups.SelectMany(PlacesOf).Order());
            foreach (BulkGroup group in groups) AssertGroup(rows, group, rowsMax);
            Assert.Equal(
                rows.Select(row => row.Number).Distinct().Count(),
                groups.Sum(group => NumbersOf(rows, group).Distinct().Count()));
        });

    [Fact]
    public void Halves_hold_every_row_once_and_whole_numbers() => Rows.Sample(rows =>
    {
        foreach (BulkGroup group in BulkGroup.Cut(new BulkRows(rows), int.MaxValue))
        {
            int numbers = NumbersOf(rows, group).Distinct().Count();
            Assert.Equal(numbers > 1, group.TryHalve(new BulkRows(rows), out BulkGroup left, out BulkGroup right));
            if (numbers == 1) continue;

            Assert.NotEmpty(PlacesOf(left));
            Assert.NotEmpty(PlacesOf(right));
            Assert.Equal(PlacesOf(group), PlacesOf(left).Concat(PlacesOf(right)));
            Assert.Empty(NumbersOf(rows, left).Intersect(NumbersOf(rows, right)));
        }
    });

    [Fact]
    public async Task A_budget_lets_in_what_fits_and_then_whoever_came_first()
    {
        var budget = new EntryBudget(10);
        await budget.TakeAsync(8);
        Task large = budget.TakeAsync(50); // All there is.
        Task small = budget.TakeAsync(1);

        Assert.False(large.IsCompleted || small.IsCompleted);
        budget.Return(8);
        await large;
        Assert.False(small.IsCompleted);
        budget.Return(50);
        await small;
    }

    private static void AssertGroup(BulkRow[] rows, BulkGroup group, int rowsMax)
    {
        PhoneNumber[] numbers = [.. NumbersOf(rows, group)];
        Assert.All(numbers, number => Assert.Equal(group.Block, NumberBlock.Of(number)));
        Assert.True(numbers.Length <= rowsMax || numbers.Distinct().Count() == 1);
        foreach (IGrouping<PhoneNumber, int> of in PlacesOf(group).GroupBy(place => rows[place].Number))
        {
            Assert.Equal(of.Order(), of);
        }
    }

    private static int[] PlacesOf(BulkGroup group) => group.Rows.ToArray();

    private static IEnumerable<PhoneNumber> NumbersOf(BulkRow[] rows, BulkGroup group) =>
        PlacesOf(group).Select(place => rows[place].Number);
}
