using CsCheck;

namespace NumberLedger.Ledger.Tests;

public sealed class NumberBlockTests
{
    [Fact]
    public void A_block_is_a_number_without_its_last_four_digits()
    {
        PhoneNumber number = PhoneNumber.Parse("+8613800001234");

        Assert.Equal(BlockStory.China, NumberBlock.Of(number));
        Assert.Equal(1_234, NumberBlock.OffsetOf(number));
        Assert.Equal("861380000", BlockStory.China.ToString());
    }

    [Fact]
    public void A_block_and_an_offset_give_the_number_back() => Gen.Int[0, 9_999].Sample(offset =>
    {
        Assert.True(BlockStory.America.TryNumberAt(offset, out PhoneNumber number));
        Assert.Equal(BlockStory.America, NumberBlock.Of(number));
        Assert.Equal(offset, NumberBlock.OffsetOf(number));
    });

    [Fact]
    public void The_registrys_block_has_no_numbers()
    {
        for (int offset = 0; offset < NumberBlock.NumbersPerBlock; offset++)
        {
            Assert.False(NumberBlock.Registry.TryNumberAt(offset, out _));
        }
    }

    [Fact]
    public void Blocks_are_ordered_by_their_keys()
    {
        (NumberBlock one, NumberBlock next) = (new(100), new(101));

        Assert.True(one < next && next > one && one <= next && next >= one);
        Assert.Equal([one, next], new[] { next, one }.Order());
    }
}
