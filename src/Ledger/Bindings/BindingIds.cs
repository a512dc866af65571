using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NumberLedger;

/// <summary>Names a lender's binding with a number, without an index and without telling the number.</summary>
/// <remarks>
/// <code>
/// key = HKDF "nl/binding/1"
/// id  = "bnd_" | hexadecimal( AES-256( key, number, 8 bytes big-endian | SHA-256(lender)[0..8] ) )
/// </code>
/// One AES block: a keyed permutation, so ids do not collide and show nothing. One per lender and number, as bindings
/// are: a renewed binding keeps its id. Another lender's id does not match, and reads as unknown. Thread-safe, although
/// an <see cref="Aes"/> is not called so: only its key is shared, since each one-shot call makes a cipher of its own.
/// </remarks>
public sealed class BindingIds : IDisposable
{
    private const string Prefix = "bnd_";
    private const int Size = 16;

    private readonly Aes _aes = Aes.Create();

    public BindingIds(MasterKey master) => _aes.Key = master.Derive("nl/binding/1");

    public string Of(string lender, PhoneNumber number)
    {
        Span<byte> plain = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(plain, number.Digits);
        MarkOf(lender, plain[8..]);

        Span<byte> id = stackalloc byte[Size];
        _aes.EncryptEcb(plain, id, PaddingMode.None);
        return Prefix + Convert.ToHexStringLower(id);
    }

    /// <summary>False for anything that this lender was not given.</summary>
    public bool TryFind(string id, string lender, out PhoneNumber number)
    {
        number = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (!id.StartsWith(Prefix, StringComparison.Ordinal)
            || Convert.FromHexString(id.AsSpan(Prefix.Length), bytes, out int read, out int written)
                != System.Buffers.OperationStatus.Done
            || read != id.Length - Prefix.Length
            || written != Size)
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[Size];
        _aes.DecryptEcb(bytes, plain, PaddingMode.None);
        Span<byte> mark = stackalloc byte[8];
        MarkOf(lender, mark);
        return CryptographicOperations.FixedTimeEquals(mark, plain[8..])
            && PhoneNumber.TryFromDigits(BinaryPrimitives.ReadInt64BigEndian(plain), out number);
    }

    public void Dispose() => _aes.Dispose();

    private static void MarkOf(string lender, Span<byte> mark)
    {
        Span<byte> hash = stackalloc byte[Hash256.Size];
        SHA256.HashData(Encoding.UTF8.GetBytes(lender), hash);
        hash[..8].CopyTo(mark);
    }
}
