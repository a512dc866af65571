using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace NumberLedger.Api;

/// <summary>Where the next page of a lender's bindings begins.</summary>
/// <remarks>
/// <code>
/// key    = HKDF "nl/cursor/1"
/// place  = block, i64 | offset, u16
/// cursor = base64url( nonce, 12 random bytes | AES-256-GCM( key, place; AAD = lender ) | 16-byte tag )
/// </code>
/// A place is a phone number, and cursors travel in addresses: so they are sealed, and good for their own lender only.
/// </remarks>
internal sealed class BindingCursors(MasterKey master)
{
    private const int NonceSize = 12;
    private const int PlaceSize = sizeof(long) + sizeof(ushort);
    private const int TagSize = 16;
    private const int Size = NonceSize + PlaceSize + TagSize;

    private readonly byte[] _key = master.Derive("nl/cursor/1");

    public string Of(string lender, BlockPlace place)
    {
        Span<byte> plain = stackalloc byte[PlaceSize];
        BinaryPrimitives.WriteInt64BigEndian(plain, place.Block.Key);
        BinaryPrimitives.WriteUInt16BigEndian(plain[sizeof(long)..], place.Offset);

        Span<byte> cursor = stackalloc byte[Size];
        RandomNumberGenerator.Fill(cursor[..NonceSize]);
        using var aes = new AesGcm(_key, TagSize); // One for each call: it is not thread-safe.
        aes.Encrypt(
            cursor[..NonceSize], plain, cursor.Slice(NonceSize, PlaceSize), cursor[^TagSize..],
            Encoding.UTF8.GetBytes(lender));
        return Base64Url.EncodeToString(cursor);
    }

    public bool TryRead(string lender, string text, out BlockPlace place)
    {
        place = default;
        Span<byte> cursor = stackalloc byte[Size];
        if (!Base64Url.IsValid(text, out int length) || length != Size) return false;

        _ = Base64Url.DecodeFromChars(text, cursor);
        Span<byte> plain = stackalloc byte[PlaceSize];
        try
        {
            using var aes = new AesGcm(_key, TagSize);
            aes.Decrypt(
                cursor[..NonceSize], cursor.Slice(NonceSize, PlaceSize), cursor[^TagSize..], plain,
                Encoding.UTF8.GetBytes(lender));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        place = new BlockPlace(
            new NumberBlock(BinaryPrimitives.ReadInt64BigEndian(plain)),
            BinaryPrimitives.ReadUInt16BigEndian(plain[sizeof(long)..]));
        return true;
    }
}

/// <summary>A number's place among all: its block, and its offset there.</summary>
internal readonly record struct BlockPlace(NumberBlock Block, ushort Offset);
