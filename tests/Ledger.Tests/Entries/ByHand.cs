using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NumberLedger.Ledger.Tests;

/// <summary>
/// Sealing and chaining from their documented construction, with the platform's one-shot calls and nothing else.
/// </summary>
internal static class ByHand
{
    public static byte[] Tag(byte[] master, PhoneNumber number) =>
        HMACSHA256.HashData(Derive(master, "nl/tag/1"), U64(number.Digits))[..16];

    public static byte[] Tag(byte[] master, NumberBlock block)
    {
        byte[] input = [.. "block"u8, .. U64(block.Key)];
        return HMACSHA256.HashData(Derive(master, "nl/tag/1"), input)[..16];
    }

    public static byte[] Seal(
        byte[] master, byte[] content, NumberBlock block, byte[] tag, long version, byte[] salt, byte[] nonce)
    {
        byte[] keyInput = [.. salt, .. tag];
        byte[] key = HMACSHA256.HashData(Derive(master, "nl/seal/1"), keyInput);
        byte[] aad = [.. tag, .. U64(version), .. U64(block.Key)];
        byte[] cipher = new byte[content.Length];
        byte[] mac = new byte[16];
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(nonce, content, cipher, mac, aad);
        return [.. nonce, .. cipher, .. mac];
    }

    public static byte[] ChainStart(NumberBlock block, byte[] tag)
    {
        byte[] input = [0x03, .. U64(block.Key), .. tag];
        return SHA256.HashData(input);
    }

    public static byte[] ChainNext(long version, byte[] before, byte[] sealedBytes)
    {
        byte[] input = [0x02, .. U64(version), .. before, .. sealedBytes];
        return SHA256.HashData(input);
    }

    private static byte[] Derive(byte[] master, string info) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, master, 32, info: System.Text.Encoding.ASCII.GetBytes(info));

    private static byte[] U64(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
