using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NumberLedger.Api;

/// <summary>
/// Command ids of one request: H(tenant, idempotency key, when it was claimed, item index). None without an idempotency
/// key.
/// </summary>
internal sealed class Commands(byte[]? seed)
{
    public static readonly Commands None = new(null);

    /// <param name="index">Of the item in its batch; 0 for a request of one.</param>
    public CommandId? At(int index)
    {
        if (seed is null) return null;

        Span<byte> input = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(input, index);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(seed, input, hash);
        return CommandId.Read(hash);
    }
}
