using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace NumberLedger;

/// <summary>A bearer key: who presents it is the party. Told once, stored only as its SHA-256.</summary>
/// <remarks>
/// Shape: "nl_" | key id, 16 hexadecimal digits | secret, 64 hexadecimal digits (256 bits) | checksum, 8 hexadecimal
/// digits: the first 4 bytes of SHA-256 over all before it. The checksum keeps typing errors from the registry and lets
/// scanners for leaked secrets know one when they see it.
/// </remarks>
public readonly record struct AccessKey
{
    public const int RandomBytes = 8 + 32;
    private const string Prefix = "nl_";
    private const int IdDigits = 16;
    private const int ChecksumDigits = 8;
    private const int Length = 3 + IdDigits + 64 + ChecksumDigits;

    private AccessKey(string text) => Text = text;

    /// <summary>The whole key. A secret: never to a log.</summary>
    public string Text { get; }

    public string Id => Text.Substring(Prefix.Length, IdDigits);

    public Hash256 Digest => DigestOf(Text);

    /// <param name="random"><see cref="RandomBytes"/> fresh ones, from a cryptographic generator.</param>
    public static AccessKey Make(ReadOnlySpan<byte> random)
    {
        string body = Prefix + Convert.ToHexStringLower(random[..RandomBytes]);
        return new AccessKey(body + ChecksumOf(body));
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out AccessKey key)
    {
        key = default;
        if (text is not { Length: Length } || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        ReadOnlySpan<char> checksum = text.AsSpan(Length - ChecksumDigits);
        if (!ChecksumOf(text.AsSpan(0, Length - ChecksumDigits)).AsSpan().SequenceEqual(checksum))
        {
            return false;
        }

        key = new AccessKey(text);
        return true;
    }

    public override string ToString() => "access key";

    private static string ChecksumOf(ReadOnlySpan<char> body)
    {
        Span<byte> hash = stackalloc byte[Hash256.Size];
        Hash(body, hash);
        return Convert.ToHexStringLower(hash[..(ChecksumDigits / 2)]);
    }

    private static Hash256 DigestOf(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[Hash256.Size];
        Hash(text, hash);
        return Hash256.Read(hash);
    }

    private static void Hash(ReadOnlySpan<char> text, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[Length * 3];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(text, bytes)], hash);
    }
}
