using System.Security.Cryptography;

namespace NumberLedger;

/// <summary>The one secret from which every other key comes, by HKDF-SHA256 with a name of its own.</summary>
public sealed class MasterKey
{
    public const int Size = 32;

    private readonly byte[] _key;

    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public MasterKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Size)
        {
            throw new ArgumentException($"A master key has {Size} bytes, not {key.Length}.", nameof(key));
        }

        _key = key.ToArray();
    }

    /// <param name="info">What the derived key is for: "nl/seal/1". A changed use takes a new name.</param>
    public byte[] Derive(string info, int length = Size) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, length, info: System.Text.Encoding.ASCII.GetBytes(info));

    public override string ToString() => "master key";
}
