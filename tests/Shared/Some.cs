using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NumberLedger.Testing;

/// <summary>
/// Entries that chain as real ones do, made of nothing but their place: the same place gives the same bytes.
/// </summary>
internal static class Some
{
    public const int SealedBytes = 120;

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Pseudonym Tag(int number) => new((UInt128)0xABCD_EF01_2345_6789 << 64 | (uint)number);

    public static CommandId Command(int number) => new((UInt128)0x1234_5678_9ABC_DEF0 << 64 | (uint)number);

    /// <summary>
    /// An append of <paramref name="count"/> entries to a tag that is at version <paramref name="after"/>.
    /// </summary>
    public static Append Append(
        NumberBlock block, Pseudonym tag, long after, int count = 1, CommandId? command = null,
        DateTimeOffset? at = null) =>
        new(block, [new(tag, after)], Entries(block, tag, after, count, command), at ?? Noon);

    public static NewEntry[] Entries(
        NumberBlock block, Pseudonym tag, long after, int count = 1, CommandId? command = null)
    {
        var entries = new NewEntry[count];
        Hash256 hash = Chain.Start(block, tag);
        for (long version = 1; version <= after + count; version++)
        {
            byte[] bytes = SealedOf(tag, version);
            hash = Chain.Next(version, hash, bytes);
            if (version > after) entries[version - after - 1] = new(tag, version, SaltOf(bytes), bytes, hash, command);
        }

        return entries;
    }

    private static byte[] SealedOf(Pseudonym tag, long version)
    {
        byte[] bytes = new byte[SealedBytes];
        Span<byte> seed = stackalloc byte[Pseudonym.Size + 8];
        tag.Write(seed);
        BinaryPrimitives.WriteInt64BigEndian(seed[Pseudonym.Size..], version);
        SHA256.HashData(seed, bytes);
        return bytes;
    }

    private static byte[] SaltOf(byte[] sealedBytes) => sealedBytes[..Sealer.SaltSize];
}
