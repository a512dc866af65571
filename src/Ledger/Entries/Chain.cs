using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NumberLedger;

/// <summary>
/// The hash chain of one tag, over sealed bytes, so that it verifies without any key and after an erasure.
/// </summary>
/// <remarks>
/// <code>
/// hash(n) = SHA-256( 0x02 | version n, 8 bytes big-endian | hash(n-1), 32 bytes | sealed )
/// hash(0) = SHA-256( 0x03 | block, 8 bytes big-endian | tag, 16 bytes )
/// </code>
/// hash(0) keeps a chain from being passed off as another number's. The first bytes keep an entry from being read as
/// a Merkle leaf or node, which start with 0x00 and 0x01 (RFC 6962, section 2.1).
/// </remarks>
public static class Chain
{
    private const int StackBytesMax = 1024;

    public static Hash256 Start(NumberBlock block, Pseudonym tag)
    {
        Span<byte> input = stackalloc byte[1 + 8 + Pseudonym.Size];
        input[0] = 0x03;
        BinaryPrimitives.WriteInt64BigEndian(input[1..], block.Key);
        tag.Write(input[9..]);
        return HashOf(input);
    }

    public static Hash256 Next(long version, Hash256 before, ReadOnlySpan<byte> sealedBytes)
    {
        int length = 1 + 8 + Hash256.Size + sealedBytes.Length;
        Span<byte> input = length <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[length];
        input = input[..length];
        input[0] = 0x02;
        BinaryPrimitives.WriteInt64BigEndian(input[1..], version);
        before.Write(input[9..]);
        sealedBytes.CopyTo(input[(9 + Hash256.Size)..]);
        return HashOf(input);
    }

    private static Hash256 HashOf(ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[Hash256.Size];
        SHA256.HashData(input, hash);
        return Hash256.Read(hash);
    }
}

/// <summary>Stored bytes are not what was written: stop, do not repair, say where.</summary>
public sealed class BrokenLedgerException(NumberBlock block, long position, string what)
    : Exception($"Block {block}, position {position}: {what}")
{
    public NumberBlock Block { get; } = block;
    public long Position { get; } = position;
}
