using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NumberLedger.Ledger.Tests;

public sealed class BindingIdsTests
{
    private static readonly MasterKey Master = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly PhoneNumber Number = PhoneNumber.Parse("+8613800001234");

    [Fact]
    public void An_id_is_one_encrypted_block()
    {
        using var ids = new BindingIds(Master);
        byte[] plain = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(plain, Number.Digits);
        SHA256.HashData(Encoding.UTF8.GetBytes("acme")).AsSpan(0, 8).CopyTo(plain.AsSpan(8));
        using var aes = Aes.Create();
        aes.Key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 32,
            info: "nl/binding/1"u8.ToArray());

        Assert.Equal(
            "bnd_" + Convert.ToHexStringLower(aes.EncryptEcb(plain, PaddingMode.None)), ids.Of("acme", Number));
    }

    [Fact]
    public void A_lender_finds_the_number_by_its_own_id_and_by_no_other_lenders()
    {
        using var ids = new BindingIds(Master);
        string id = ids.Of("acme", Number);

        Assert.True(ids.TryFind(id, "acme", out PhoneNumber number));
        Assert.Equal(Number, number);
        Assert.False(ids.TryFind(id, "other-lender", out number));
        Assert.Equal(default, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bnd_")]
    [InlineData("bnd_00000000000000000000000000000000")]
    [InlineData("bnd_zz000000000000000000000000000000")]
    [InlineData("bnd_0000")]
    [InlineData("bnd_000000000000000000000000000000")]
    [InlineData("bnd_0000000000000000000000000000000000")]
    [InlineData("bnd_000000000000000000000000000000000")]
    [InlineData("key_00000000000000000000000000000000")]
    public void Anything_else_is_unknown(string id)
    {
        using var ids = new BindingIds(Master);

        Assert.False(ids.TryFind(id, "acme", out _));
    }

    [Fact]
    public void An_id_is_not_found_under_another_master_key()
    {
        using var ids = new BindingIds(Master);
        using var others = new BindingIds(new MasterKey(new byte[32]));

        Assert.False(others.TryFind(ids.Of("acme", Number), "acme", out _));
    }

    [Fact]
    public void Ids_are_found_from_many_threads_at_once()
    {
        using var ids = new BindingIds(Master);
        Parallel.For(0, 5_000, offset =>
        {
            BlockStory.China.TryNumberAt(offset, out PhoneNumber number);
            Assert.True(ids.TryFind(ids.Of("acme", number), "acme", out PhoneNumber found));
            Assert.Equal(number, found);
        });
    }
}
