using System.Numerics;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>A table of offsets is a dictionary, whether few or many are in it.</summary>
public sealed class OffsetTableTests
{
    /// <summary>One bit a number and a sixth of that for ranks, in whole words.</summary>
    private const int BitmapBytes = 209 * sizeof(ulong);

    [Fact]
    public void A_table_answers_as_a_dictionary() => Gen.Select(
        Gen.Select(Gen.Int[0, 9_999], Gen.Frequency((9, Gen.UInt), (1, Gen.Const(0u)))).Array[0, 6_000],
        Gen.OneOf(1, 10, 10_000)) // Runs, every tenth number, anywhere.
        .Sample((puts, spread) =>
        {
            var table = new OffsetTable<uint>();
            var model = new Dictionary<ushort, uint>();
            for (int i = 0; i < puts.Length; i++)
            {
                var offset = (ushort)(spread == 10_000 ? puts[i].Item1 : i * spread % 10_000);
                table[offset] = puts[i].Item2;
                model[offset] = puts[i].Item2;
            }

            for (int offset = 0; offset < NumberBlock.NumbersPerBlock; offset++)
            {
                Assert.Equal(model.GetValueOrDefault((ushort)offset), table[(ushort)offset]);
            }

            Assert.Equal(
                model.Where(pair => pair.Value != 0).Select(pair => (pair.Key, pair.Value)).Order(),
                table.Items().Order());
        }, iter: 100);

    [Fact]
    public void A_table_takes_the_smaller_form_and_little_more_than_its_values_once_there_are_many()
    {
        var table = new OffsetTable<uint>();
        for (int count = 1; count <= NumberBlock.NumbersPerBlock; count++)
        {
            table[(ushort)(count * 7_919 % NumberBlock.NumbersPerBlock)] = 1;

            // Few: a slot is 6 bytes, and at least three eighths of them are taken.
            int sparse = Math.Max(8, (int)BitOperations.RoundUpToPowerOf2((uint)((count * 4) + 2) / 3)) * 6;
            int dense = BitmapBytes + ((count + 1) * sizeof(uint));
            int spare = Math.Max(16, count / 8) * sizeof(uint);
            Assert.True(table.Bytes <= Math.Min(sparse * 9 / 8, dense + spare), $"{table.Bytes} bytes for {count} values");
        }

        Assert.Equal(BitmapBytes + (10_001 * sizeof(uint)), table.Bytes);
        Assert.Equal(NumberBlock.NumbersPerBlock, table.Items().Count);
    }

    [Fact]
    public void A_table_made_at_once_answers_as_one_that_was_filled_in_any_order_and_is_never_larger() =>
        Gen.Int[0, 9_999].HashSet[0, 3_000].Select(Gen.Int[1, 1_000]).Sample((offsets, seed) =>
        {
            ushort[] ascending = [.. offsets.Select(offset => (ushort)offset).Order()];
            ulong[] values = [.. ascending.Select(offset => (ulong)(offset * seed) + 1)];
            var atOnce = new OffsetTable<ulong>(ascending, values);
            var filled = new OffsetTable<ulong>();
            foreach (int offset in offsets) filled[(ushort)offset] = (ulong)(offset * seed) + 1;

            for (int offset = 0; offset < NumberBlock.NumbersPerBlock; offset++)
            {
                Assert.Equal(filled[(ushort)offset], atOnce[(ushort)offset]);
            }

            Assert.Equal(filled.Items(), atOnce.Items());
            Assert.True(atOnce.Bytes <= filled.Bytes);
        }, iter: 50);

    [Theory]
    [InlineData(10_000)]
    [InlineData(10_031)]
    [InlineData(ushort.MaxValue)]
    public void No_number_has_such_an_offset(ushort offset)
    {
        var few = new OffsetTable<uint>();
        var many = new OffsetTable<uint>();
        for (int i = 0; i < 5_000; i++) many[(ushort)i] = 1;

        Assert.Throws<ArgumentOutOfRangeException>(() => few[offset] = 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => many[offset] = 1);
    }

    [Fact]
    public void Nothing_takes_no_slot()
    {
        var table = new OffsetTable<uint>();
        int bytes = table.Bytes;
        for (int i = 0; i < NumberBlock.NumbersPerBlock; i++) table[(ushort)i] = 0;

        Assert.Equal(bytes, table.Bytes);
        Assert.Empty(table.Items());
    }

    /// <summary>What was erased is given up when the table grows.</summary>
    [Fact]
    public void What_came_and_went_does_not_make_a_table_large()
    {
        var table = new OffsetTable<uint>();
        for (int i = 0; i < NumberBlock.NumbersPerBlock; i++)
        {
            table[(ushort)i] = 1;
            table[(ushort)i] = 0;
        }

        Assert.True(table.Bytes < BitmapBytes + 100);
        Assert.Empty(table.Items());
    }
}
