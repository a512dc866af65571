using System.Runtime.CompilerServices;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>The packed layouts, bit for bit as documented.</summary>
public sealed class PackedLayoutTests
{
    private static readonly Gen<Purposes> AnyPurposes = Gen.Int[0, 15].Select(bits => (Purposes)bits);

    [Fact]
    public void A_row_is_8_bytes_and_a_binding_and_an_answer_are_4()
    {
        Assert.Equal(8, Unsafe.SizeOf<PackedRow>());
        Assert.Equal(4, Unsafe.SizeOf<PackedBinding>());
        Assert.Equal(4, Unsafe.SizeOf<Answer>());
    }

    [Fact]
    public void The_bits_of_a_row_stand_where_they_are_documented()
    {
        Assert.Equal(0UL, Row(default).Bits);
        Assert.Equal(0xFFFFUL, Row(default(HolderFacts) with { Reassigned = 0xFFFF }).Bits);
        Assert.Equal(0xFFFF_0000UL, Row(default(HolderFacts) with { Disconnected = 0xFFFF }).Bits);
        Assert.Equal(0xF_0000_0000UL, Row(default(HolderFacts) with { RefusedOfEveryone = Purposes.All }).Bits);
        Assert.Equal(1UL << 36, Row(default(HolderFacts) with { EndIsImplied = true }).Bits);
        Assert.Equal(1UL << 37, PackedRow.Of(default, hasDetail: true).Bits);

        static PackedRow Row(HolderFacts holder) => PackedRow.Of(holder, hasDetail: false);
    }

    [Fact]
    public void The_bits_of_a_binding_stand_where_they_are_documented()
    {
        Assert.Equal(0u, PackedBinding.Of(default).Bits);
        Assert.Equal(0xFFFFu, PackedBinding.Of(default(LenderFacts) with { ConsentedOn = 0xFFFF }).Bits);
        Assert.Equal(0xF_0000u, PackedBinding.Of(default(LenderFacts) with { Purposes = Purposes.All }).Bits);
        Assert.Equal(0x30_0000u, PackedBinding.Of(default(LenderFacts) with { Role = BindingRole.Contact }).Bits);
        Assert.Equal(1u << 22, PackedBinding.Of(default(LenderFacts) with { Released = true }).Bits);
        Assert.Equal(0x780_0000u, PackedBinding.Of(default(LenderFacts) with { Refused = Purposes.All }).Bits);
        Assert.Equal(1u << 27, PackedBinding.Of(default(LenderFacts) with { Bound = true }).Bits);
        Assert.Equal(1u << 28, PackedBinding.Of(default(LenderFacts) with { ExpiresAt = 1 }).Bits);
    }

    [Fact]
    public void A_row_gives_back_what_was_packed() => Gen.Select(
        Gen.UShort, Gen.UShort, Gen.Bool, AnyPurposes, Gen.UShort, Gen.Bool,
        (reassigned, disconnected, implied, refused, covered, detail) =>
            (new HolderFacts(reassigned, disconnected, implied, refused, covered, false, 0, 0), detail))
        .Sample((holder, detail) =>
        {
            PackedRow row = PackedRow.Of(holder, detail);
            Assert.Equal(holder, row.ToFacts(holder.CoveredSince));
            Assert.Equal(detail, row.HasDetail);
        }, iter: 10_000);

    [Fact]
    public void A_binding_gives_back_what_was_packed() => Gen.Select(
        Gen.Bool, Gen.UShort, AnyPurposes, Gen.Int[0, 3].Select(role => (BindingRole)role), Gen.Bool,
        Gen.OneOf(Gen.Const(0L), Gen.Long[1, long.MaxValue]), AnyPurposes,
        (bound, day, purposes, role, released, expires, refused) =>
            new LenderFacts(bound, day, purposes, role, released, expires, refused))
        .Sample(lender =>
        {
            PackedBinding binding = PackedBinding.Of(lender);
            Assert.Equal(lender, binding.ToFacts(lender.ExpiresAt));
            Assert.Equal(lender.Bound, binding.Bound);
            Assert.Equal(lender.ExpiresAt != 0, binding.Expires);
        }, iter: 10_000);

    [Fact]
    public void Every_role_and_every_purpose_has_room()
    {
        Assert.All(Enum.GetValues<BindingRole>(), role => Assert.InRange((int)role, 0, 3));
        Assert.All(Enum.GetValues<Purposes>(), purposes => Assert.InRange((int)purposes, 0, 15));
    }
}
