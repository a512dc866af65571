using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace NumberLedger.Api;

/// <summary>What is kept of a request that came with an idempotency key, under keys of our own.</summary>
/// <remarks>
/// <code>
/// K       = HKDF "nl/claim/1"; every text is preceded by its length in bytes, i32 big-endian
/// id      = HMAC-SHA256(K, 0x01 | tenant | key)[0..16]
/// seed    = HMAC-SHA256(K, 0x02 | tenant | key | claimed at, Unix ms, i64)  of the command ids: <see cref="Commands"/>
/// digest  = HMAC-SHA256(K, 0x03 | method | path | query | body)
/// answer  = nonce, 12 random bytes | AES-256-GCM(HKDF "nl/claim-answer/1", body; AAD = id) | 16-byte tag
/// </code>
/// Commands are remembered with their entries for ever, claims for a day or two: without the moment of its claim, a key
/// that is used again next year would name last year's command, and the new write would be answered and not recorded.
/// A plain digest of a body with a phone number could be found again by trying all numbers; and what a caller put into
/// its ids and names comes back in answers.
/// </remarks>
internal sealed class IdempotencyMacs(MasterKey master)
{
    private const byte IdKind = 1;
    private const byte SeedKind = 2;
    private const byte DigestKind = 3;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key = master.Derive("nl/claim/1");
    private readonly byte[] _answerKey = master.Derive("nl/claim-answer/1");

    public UInt128 IdOf(string tenant, string key)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Begin(mac, IdKind, tenant, key);
        return BinaryPrimitives.ReadUInt128BigEndian(mac.GetHashAndReset());
    }

    public Commands CommandsOf(string tenant, string key, DateTimeOffset claimedAt)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Begin(mac, SeedKind, tenant, key);
        Span<byte> at = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(at, claimedAt.ToUnixTimeMilliseconds());
        mac.AppendData(at);
        return new(mac.GetHashAndReset());
    }

    public Hash256 DigestOf(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData([DigestKind]);
        Append(mac, Encoding.UTF8.GetBytes(request.Method));
        Append(mac, Encoding.UTF8.GetBytes(request.Path.Value ?? ""));
        Append(mac, Encoding.UTF8.GetBytes(request.QueryString.Value ?? ""));
        Append(mac, body);
        return Hash256.Read(mac.GetHashAndReset());
    }

    public byte[] Seal(UInt128 id, ReadOnlySpan<byte> body)
    {
        byte[] bytes = new byte[NonceSize + body.Length + TagSize];
        Span<byte> nonce = bytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_answerKey, TagSize); // One for each call: it is not thread-safe.
        aes.Encrypt(nonce, body, bytes.AsSpan(NonceSize, body.Length), bytes.AsSpan(^TagSize..), AadOf(id));
        return bytes;
    }

    /// <exception cref="CryptographicException">Not an answer that was stored under this id.</exception>
    public byte[] Open(UInt128 id, ReadOnlySpan<byte> bytes)
    {
        byte[] body = new byte[bytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_answerKey, TagSize);
        aes.Decrypt(bytes[..NonceSize], bytes[NonceSize..^TagSize], bytes[^TagSize..], body, AadOf(id));
        return body;
    }

    private static byte[] AadOf(UInt128 id)
    {
        byte[] aad = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(aad, id);
        return aad;
    }

    private static void Begin(IncrementalHash mac, byte kind, string tenant, string key)
    {
        mac.AppendData([kind]);
        Append(mac, Encoding.UTF8.GetBytes(tenant));
        Append(mac, Encoding.UTF8.GetBytes(key));
    }

    private static void Append(IncrementalHash mac, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        mac.AppendData(length);
        mac.AppendData(bytes);
    }
}
