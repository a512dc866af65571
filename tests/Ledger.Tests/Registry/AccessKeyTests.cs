using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

public sealed class AccessKeyTests
{
    private static readonly byte[] Random = [.. Enumerable.Range(0, AccessKey.RandomBytes).Select(i => (byte)i)];

    [Fact]
    public void A_key_is_a_prefix_an_id_a_secret_and_a_checksum()
    {
        AccessKey key = AccessKey.Make(Random);
        string body = "nl_" + Convert.ToHexStringLower(Random);

        Assert.Equal(3 + 16 + 64 + 8, key.Text.Length);
        Assert.Equal(body + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(body))[..4]), key.Text);
        Assert.Equal("0001020304050607", key.Id);
        Assert.Equal(Hash256.Read(SHA256.HashData(Encoding.ASCII.GetBytes(key.Text))), key.Digest);
    }

    [Fact]
    public void A_key_is_read_back()
    {
        AccessKey key = AccessKey.Make(Random);

        Assert.True(AccessKey.TryParse(key.Text, out AccessKey same));
        Assert.Equal(key, same);
    }

    [Fact]
    public void A_key_with_any_character_changed_is_none() =>
        Gen.Select(Gen.Int[0, 90], Gen.Char["0123456789abcdefABCDEFxyz_\u00E9\u4E2D"]).Sample((at, other) =>
        {
            char[] text = AccessKey.Make(Random).Text.ToCharArray();
            if (text[at] == other) return;
            text[at] = other;
            Assert.False(AccessKey.TryParse(new string(text), out AccessKey key));
            Assert.Equal(default, key);
        }, iter: 2_000);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nl_")]
    [InlineData("Bearer nl_")]
    public void Something_else_is_no_key(string? text) => Assert.False(AccessKey.TryParse(text, out _));

    [Fact]
    public void A_key_longer_or_shorter_is_none()
    {
        string text = AccessKey.Make(Random).Text;

        Assert.False(AccessKey.TryParse(text + "0", out _));
        Assert.False(AccessKey.TryParse(text[..^1], out _));
        Assert.False(AccessKey.TryParse(text.ToUpperInvariant(), out _));
    }

    [Fact]
    public void A_key_never_reaches_a_text_by_accident() => Assert.Equal("access key", $"{AccessKey.Make(Random)}");
}
