using System.Security.Cryptography;
using CsCheck;

namespace NumberLedger.Ledger.Tests;

/// <summary>What the processor's own instructions seal is what everybody else's AES-256-GCM seals.</summary>
public sealed class OneTimeGcmTests
{
    public OneTimeGcmTests() => Assert.SkipUnless(OneTimeGcm.IsSupported, "This processor lacks the instructions.");

    // McGrew and Viega, The Galois/Counter Mode of Operation, test cases 13, 14 and 16.
    [Theory]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "", "",
        "530f8afbc74536b9a963b4f1c4cb738b")]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
        "00000000000000000000000000000000", "", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919")]
    [InlineData(
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
        "76fc6ece0f4e1768cddf8853bb2d551b")]
    public void Published_cases_come_out_as_published(
        string key, string nonce, string text, string associated, string sealedText, string tag)
    {
        (byte[] Sealed, byte[] Tag) made = Encrypt(
            Convert.FromHexString(key), Convert.FromHexString(nonce), Convert.FromHexString(text),
            Convert.FromHexString(associated));

        Assert.Equal(sealedText, Convert.ToHexStringLower(made.Sealed));
        Assert.Equal(tag, Convert.ToHexStringLower(made.Tag));
    }

    [Fact]
    public void Any_text_of_any_length_is_sealed_as_the_framework_seals_it() => Gen.Select(
        Gen.Byte.Array[OneTimeGcm.KeySize], Gen.Byte.Array[12], Gen.Byte.Array[0, 700], Gen.Byte.Array[0, 70])
        .Sample((key, nonce, text, associated) =>
        {
            (byte[] Sealed, byte[] Tag) made = Encrypt(key, nonce, text, associated);

            byte[] expected = new byte[text.Length];
            byte[] tag = new byte[OneTimeGcm.TagSize];
            using var aes = new AesGcm(key, OneTimeGcm.TagSize);
            aes.Encrypt(nonce, text, expected, tag, associated);
            Assert.Equal(expected, made.Sealed);
            Assert.Equal(tag, made.Tag);
        }, iter: 2_000);

    private static (byte[] Sealed, byte[] Tag) Encrypt(byte[] key, byte[] nonce, byte[] text, byte[] associated)
    {
        byte[] sealedText = new byte[text.Length];
        byte[] tag = new byte[OneTimeGcm.TagSize];
        OneTimeGcm.Encrypt(key, nonce, text, sealedText, tag, associated);
        return (sealedText, tag);
    }
}
