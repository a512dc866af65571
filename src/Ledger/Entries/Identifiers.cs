using System.Buffers.Binary;

namespace NumberLedger;

/// <summary>
/// The keyed name under which a number (or a block's own record) is stored: 16 bytes, see <see cref="Sealer"/>.
/// </summary>
public readonly record struct Pseudonym(UInt128 Value)
{
    public const int Size = 16;

    public static Pseudonym Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    /// <summary>32 lower-case hexadecimal digits, as in grain keys.</summary>
    public override string ToString() => Value.ToString("x32");
}

/// <summary>
/// Names one command, so that sending it twice records it once: H(tenant, idempotency key, when the key was claimed,
/// item index), 16 bytes.
/// </summary>
public readonly record struct CommandId(UInt128 Value)
{
    public const int Size = 16;

    public static CommandId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }
}

/// <summary>A SHA-256 value that compares by value.</summary>
public readonly record struct Hash256(UInt128 High, UInt128 Low)
{
    public const int Size = 32;

    public static Hash256 Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Low);
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    public override string ToString() => string.Concat(High.ToString("x32"), Low.ToString("x32"));
}
