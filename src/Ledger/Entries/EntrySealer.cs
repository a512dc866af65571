using System.Buffers;

namespace NumberLedger;

/// <summary>Makes the entries of one append: encoded, sealed, chained.</summary>
public static class EntrySealer
{
    /// <summary>Random bytes that <see cref="Next"/> needs for one entry.</summary>
    public const int RandomBytes = Sealer.SaltSize + Sealer.NonceSize;

    /// <summary>Of each thread; empty between calls.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _encoded;

    /// <param name="version">Of the entry before it in the chain.</param>
    /// <param name="hash">Of the entry before it in the chain, or the chain's start.</param>
    /// <param name="random"><see cref="RandomBytes"/> fresh ones, from a cryptographic generator.</param>
    public static NewEntry Next(
        this Sealer sealer, NumberBlock block, Pseudonym tag, long version, Hash256 hash, EntryContent content,
        CommandId? command, ReadOnlySpan<byte> random)
    {
        ReadOnlySpan<byte> salt = random[..Sealer.SaltSize];
        ReadOnlySpan<byte> nonce = random.Slice(Sealer.SaltSize, Sealer.NonceSize);
        ArrayBufferWriter<byte> encoded = _encoded ??= new ArrayBufferWriter<byte>(256);
        encoded.Clear(); // Also of what an exception left.
        EntryCodec.Encode(content, encoded);
        byte[] bytes = sealer.Seal(encoded.WrittenSpan, block, tag, version + 1, salt, nonce);
        encoded.Clear();
        return new NewEntry(tag, version + 1, salt.ToArray(), bytes, Chain.Next(version + 1, hash, bytes), command);
    }

    /// <summary>The entry as the state's fold takes it; its position is the store's affair.</summary>
    public static LedgerEntry Opened(this NewEntry entry, EntryContent content) =>
        new(0, entry.Tag, entry.Version, entry.Hash, entry.Command, content);
}
