using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>A table of offsets is a dictionary, whether sparse or flat.</summary>
public sealed class OffsetTableTests
{
    private const int FlatBytes = NumberBlock.NumbersPerBlock * sizeof(uint);

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
    public void A_table_turns_flat_after_3072_offsets_and_is_never_larger_than_flat()
    {
        var table = new OffsetTable<uint>();
        for (int i = 0; i < 3_072; i++)
        {
            table[(ushort)(i * 3)] = 1;
            Assert.True(table.Bytes < FlatBytes);
        }

        table[9_999] = 1;
        Assert.Equal(FlatBytes, table.Bytes);
        Assert.Equal(3_073, table.Items().Count);
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

    /// <summary>Slots of what was erased are given up when the table grows.</summary>
    [Fact]
    public void What_came_and_went_does_not_make_a_table_flat()
    {
        var table = new OffsetTable<uint>();
        for (int i = 0; i < NumberBlock.NumbersPerBlock; i++)
        {
            table[(ushort)i] = 1;
            table[(ushort)i] = 0;
        }

        Assert.True(table.Bytes < FlatBytes);
        Assert.Empty(table.Items());
    }
}
