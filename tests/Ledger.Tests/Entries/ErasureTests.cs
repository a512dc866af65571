using static NumberLedger.Ledger.Tests.In2026;

namespace NumberLedger.Ledger.Tests;

/// <summary>Without its salt an entry says nothing any more; all others go on saying what they said.</summary>
public sealed class ErasureTests
{
    private static readonly Sealer Sealer = new(new MasterKey(new byte[MasterKey.Size]));

    [Fact]
    public void An_erased_binding_is_no_binding()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5));

        Assert.Equal(Verdict.Allow, Check(number, erased: []).Verdict);
        Assert.Equal(Reasons.NoBinding, Check(number, erased: [2]).Reasons);
    }

    [Fact]
    public void What_a_carrier_said_outlives_the_holders_entries()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5)).Reassigned(Feb(1)).Bound(Feb(2), lender: ANumber.OtherLender);

        Assert.Equal(Reasons.Reassigned, Check(number, erased: [4]).Reasons);
    }

    [Fact]
    public void A_release_of_what_was_erased_ends_nothing_and_breaks_nothing()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5)).Released();

        Assert.Equal(Reasons.Released, Check(number, erased: []).Reasons);
        Assert.Equal(Reasons.NoBinding, Check(number, erased: [2]).Reasons);
    }

    [Fact]
    public void A_tombstone_refuses_on_behalf_of_what_was_erased()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5)).OptedOut(Feb(1));

        Assert.Equal(Reasons.NoBinding, Check(number, erased: [2]).Reasons);
        Assert.Equal(Reasons.OptedOut, Check(number, erased: [2], consentedOn: Jan(5)).Reasons);
    }

    [Fact]
    public void A_number_of_which_everything_was_erased_keeps_its_chain()
    {
        ANumber number = ANumber.Covered.Bound(Jan(5)).OptedOut(Feb(1));
        List<StoredEntry> stored = number.Story.Sealed(Sealer);
        BlockFold.Block folded = BlockFold.Fold(BlockStory.China, Sealer, Erase(stored, [2, 3]));

        (ushort offset, NumberState state) = folded.Numbers[stored[1].Tag];
        Assert.Equal(EntryContent.NoOffset, offset);
        Assert.Equal(2, state.Version);
        Assert.Equal(stored[2].Hash, state.Hash);
        Assert.Equal(stored[2].Hash, folded.Head.Hash);
    }

    private static Answer Check(ANumber number, long[] erased, DateOnly? consentedOn = null)
    {
        BlockIndex index = BlockFold.Fold(BlockStory.China, Sealer, Erase(number.Story.Sealed(Sealer), erased))
            .ToIndex(BlockStory.China);
        return index.Check(
            1_234, ANumber.Lender, new(Purposes.Marketing, Days.Pack(consentedOn)), Moment.At(Noon(Dec(31))));
    }

    private static List<StoredEntry> Erase(List<StoredEntry> stored, long[] positions) =>
        [.. stored.Select(entry => positions.Contains(entry.Position) ? entry with { Salt = null } : entry)];
}
