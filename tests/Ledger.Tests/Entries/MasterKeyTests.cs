using System.Security.Cryptography;

namespace NumberLedger.Ledger.Tests;

public sealed class MasterKeyTests
{
    /// <summary>HKDF by hand (RFC 5869): extract under a salt of zeros, then one block of expansion.</summary>
    [Fact]
    public void A_key_is_derived_by_hkdf_without_a_salt()
    {
        byte[] master = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] extracted = HMACSHA256.HashData(new byte[32], master);
        byte[] expanded = [.. "nl/seal/1"u8, 1];
        byte[] expected = HMACSHA256.HashData(extracted, expanded);

        Assert.Equal(expected, new MasterKey(master).Derive("nl/seal/1"));
    }

    [Fact]
    public void Keys_for_different_uses_differ()
    {
        var master = new MasterKey(new byte[32]);

        Assert.NotEqual(master.Derive("nl/tag/1"), master.Derive("nl/seal/1"));
        Assert.Equal(16, master.Derive("nl/tag/1", 16).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_key_of_another_length_is_refused(int length) =>
        Assert.Throws<ArgumentException>(() => new MasterKey(new byte[length]));

    [Fact]
    public void A_key_never_reaches_a_text_by_accident() =>
        Assert.Equal("master key", $"{new MasterKey(new byte[32])}");

    [Fact]
    public void A_key_is_not_changed_by_who_gave_it()
    {
        byte[] given = new byte[32];
        var master = new MasterKey(given);
        byte[] before = master.Derive("x");
        given[0] = 1;

        Assert.Equal(before, master.Derive("x"));
    }
}
