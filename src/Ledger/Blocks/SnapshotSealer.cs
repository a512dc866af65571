using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NumberLedger;

/// <summary>Seals a block's snapshot, for its block, position and hash alone.</summary>
/// <remarks>
/// <code>
/// key    = HKDF-SHA256(master, info "nl/snapshot/1")
/// sealed = format, 1 byte | nonce, 12 random bytes | AES-256-GCM(key, snapshot without its format; AAD) | 16-byte tag
/// AAD    = format | block | position | hash, the two in the middle 8 bytes big-endian each
/// </code>
/// One key for all: a snapshot lives until an erasure deletes it, so nothing has to be forgotten with a key. Random
/// nonces are good for 2^32 snapshots. Thread-safe.
/// </remarks>
public sealed class SnapshotSealer : IDisposable
{
    public const int NonceSize = 12;
    private const int FormatSize = 1;
    private const int TagSize = 16;
    private const int Overhead = FormatSize + NonceSize + TagSize;

    // Not thread-safe: one per thread, left to its finalizer, since nobody tells us that a thread has ended.
    private readonly ThreadLocal<AesGcm> _cipher;

    public SnapshotSealer(MasterKey master)
    {
        byte[] key = master.Derive("nl/snapshot/1");
        _cipher = new(() => new AesGcm(key, TagSize));
    }

    /// <param name="head">Of the index when it was encoded.</param>
    /// <param name="snapshot">As <see cref="SnapshotCodec.Encode"/> made it.</param>
    /// <param name="nonce">Drawn at random for this snapshot.</param>
    public StoredSnapshot Seal(NumberBlock block, BlockHead head, ReadOnlySpan<byte> snapshot, ReadOnlySpan<byte> nonce)
    {
        byte format = snapshot[0];
        ReadOnlySpan<byte> content = snapshot[FormatSize..];
        byte[] bytes = new byte[content.Length + Overhead];
        bytes[0] = format;
        nonce.CopyTo(bytes.AsSpan(FormatSize));
        Span<byte> aad = stackalloc byte[AadSize];
        WriteAad(aad, format, block, head.Position, head.Hash);
        _cipher.Value!.Encrypt(
            nonce, content, bytes.AsSpan(FormatSize + NonceSize, content.Length), bytes.AsSpan(^TagSize..), aad);
        return new StoredSnapshot(head.Position, head.Hash, bytes);
    }

    /// <summary>
    /// The index as it was; null if the snapshot is of another format, or not what was sealed for this block, position
    /// and hash: then it is to be ignored.
    /// </summary>
    public BlockIndex? Open(NumberBlock block, StoredSnapshot snapshot)
    {
        if (snapshot.Format != SnapshotCodec.Format || TryOpen(block, snapshot) is not { } bytes) return null;

        try
        {
            return SnapshotCodec.Decode(block, snapshot.Position, snapshot.Hash, bytes);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The bytes that were sealed; null if it does not open.</summary>
    public byte[]? TryOpen(NumberBlock block, StoredSnapshot snapshot)
    {
        ReadOnlySpan<byte> bytes = snapshot.Sealed;
        if (bytes.Length < Overhead) return null;

        Span<byte> aad = stackalloc byte[AadSize];
        WriteAad(aad, bytes[0], block, snapshot.Position, snapshot.Hash);
        byte[] opened = new byte[bytes.Length - Overhead + FormatSize];
        opened[0] = bytes[0];
        try
        {
            _cipher.Value!.Decrypt(
                bytes.Slice(FormatSize, NonceSize), bytes[(FormatSize + NonceSize)..^TagSize], bytes[^TagSize..],
                opened.AsSpan(FormatSize), aad);
            return opened;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose() => _cipher.Dispose();

    private const int AadSize = FormatSize + 8 + 8 + Hash256.Size;

    private static void WriteAad(Span<byte> aad, byte format, NumberBlock block, long position, Hash256 hash)
    {
        aad[0] = format;
        BinaryPrimitives.WriteInt64BigEndian(aad[1..], block.Key);
        BinaryPrimitives.WriteInt64BigEndian(aad[9..], position);
        hash.Write(aad[17..]);
    }
}
