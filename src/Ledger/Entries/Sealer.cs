using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NumberLedger;

/// <summary>Pseudonyms, and the sealing of events under a key that dies with its salt.</summary>
/// <remarks>
/// <code>
/// Ktag, Kseal = HKDF-SHA256(master, info "nl/tag/1", "nl/seal/1")
/// tag    = HMAC-SHA256(Ktag, number as uint64 big-endian)[0..16]           a number's pseudonym
///        = HMAC-SHA256(Ktag, "block" | block as uint64 big-endian)[0..16]  the block's own
/// key    = HMAC-SHA256(Kseal, salt, 16 random bytes | tag)
/// sealed = nonce, 12 random bytes | AES-256-GCM(key, event; AAD) | 16-byte tag
/// AAD    = tag | version | block, the last two 8 bytes big-endian each
/// </code>
/// Nothing depends on the position, so sealing happens before the transaction. Salt and nonce come from the caller,
/// drawn at random for every try: a retried append may seal another event under the same version. The salt MUST NOT be
/// the nonce: known plaintext would give it back after an erasure. Thread-safe.
/// </remarks>
public sealed class Sealer : IDisposable
{
    public const int SaltSize = 16;
    public const int NonceSize = 12;
    public const int Overhead = NonceSize + GcmTagSize;
    private const int GcmTagSize = 16;
    private const int AadSize = Pseudonym.Size + 8 + 8;

    // IncrementalHash keeps its key schedule, which halves the cost, and is not thread-safe: one per thread,
    // left to its finalizer, since nobody tells us that a thread has ended.
    private readonly ThreadLocal<IncrementalHash> _tagging;
    private readonly ThreadLocal<IncrementalHash> _sealing;

    public Sealer(MasterKey master)
    {
        byte[] tagKey = master.Derive("nl/tag/1");
        byte[] sealKey = master.Derive("nl/seal/1");
        _tagging = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, tagKey));
        _sealing = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, sealKey));
        Snapshots = new SnapshotSealer(master);
    }

    /// <summary>For what is derived from the events.</summary>
    public SnapshotSealer Snapshots { get; }

    public Pseudonym TagOf(PhoneNumber number)
    {
        Span<byte> input = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(input, number.Digits);
        return TagOf(input);
    }

    /// <summary>The pseudonym of a block's own record: its ranges; for the registry's block, the registry.</summary>
    public Pseudonym TagOf(NumberBlock block)
    {
        Span<byte> input = stackalloc byte[5 + 8];
        "block"u8.CopyTo(input);
        BinaryPrimitives.WriteInt64BigEndian(input[5..], block.Key);
        return TagOf(input);
    }

    public byte[] Seal(
        ReadOnlySpan<byte> content, NumberBlock block, Pseudonym tag, long version,
        ReadOnlySpan<byte> salt, ReadOnlySpan<byte> nonce)
    {
        Span<byte> aad = stackalloc byte[AadSize];
        WriteAad(aad, block, tag, version);

        byte[] bytes = new byte[content.Length + Overhead];
        nonce.CopyTo(bytes);
        using AesGcm aes = Cipher(salt, tag);
        aes.Encrypt(
            nonce, content, bytes.AsSpan(NonceSize, content.Length), bytes.AsSpan(NonceSize + content.Length), aad);
        return bytes;
    }

    /// <summary>The content of an entry, or null if its salt was erased.</summary>
    /// <exception cref="BrokenLedgerException">
    /// The bytes are not what was sealed for this block, tag and version.
    /// </exception>
    public byte[]? Open(NumberBlock block, StoredEntry entry)
    {
        if (entry.Salt is not { Length: SaltSize } salt)
        {
            return entry.Salt is null ? null : throw Broken("its salt has another length.");
        }

        if (entry.Sealed.Length < Overhead) throw Broken("it is too short to have been sealed.");

        Span<byte> aad = stackalloc byte[AadSize];
        WriteAad(aad, block, entry.Tag, entry.Version);
        ReadOnlySpan<byte> bytes = entry.Sealed;
        byte[] content = new byte[bytes.Length - Overhead];
        using AesGcm aes = Cipher(salt, entry.Tag);
        try
        {
            aes.Decrypt(bytes[..NonceSize], bytes[NonceSize..^GcmTagSize], bytes[^GcmTagSize..], content, aad);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Broken("it does not open: changed bytes, or another master key.");
        }

        return content;

        BrokenLedgerException Broken(string what) => new(block, entry.Position, what);
    }

    public void Dispose()
    {
        _tagging.Dispose();
        _sealing.Dispose();
        Snapshots.Dispose();
    }

    private Pseudonym TagOf(ReadOnlySpan<byte> input)
    {
        IncrementalHash hmac = _tagging.Value!;
        Span<byte> mac = stackalloc byte[Hash256.Size];
        hmac.AppendData(input);
        hmac.GetHashAndReset(mac);
        return Pseudonym.Read(mac);
    }

    private AesGcm Cipher(ReadOnlySpan<byte> salt, Pseudonym tag)
    {
        IncrementalHash hmac = _sealing.Value!;
        Span<byte> input = stackalloc byte[SaltSize + Pseudonym.Size];
        salt.CopyTo(input);
        tag.Write(input[SaltSize..]);
        Span<byte> key = stackalloc byte[Hash256.Size];
        hmac.AppendData(input);
        hmac.GetHashAndReset(key);
        return new AesGcm(key, GcmTagSize);
    }

    private static void WriteAad(Span<byte> aad, NumberBlock block, Pseudonym tag, long version)
    {
        tag.Write(aad);
        BinaryPrimitives.WriteInt64BigEndian(aad[Pseudonym.Size..], version);
        BinaryPrimitives.WriteInt64BigEndian(aad[(Pseudonym.Size + 8)..], block.Key);
    }
}
