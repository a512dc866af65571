using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace NumberLedger;

/// <summary>Writes the bytes of a snapshot: integers and arrays little-endian, as they are in memory.</summary>
internal readonly struct SnapshotWriter(ArrayBufferWriter<byte> bytes)
{
    public void Byte(byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
    }

    public void U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.GetSpan(sizeof(ushort)), value);
        bytes.Advance(sizeof(ushort));
    }

    public void I64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), value);
        bytes.Advance(sizeof(long));
    }

    public void Text(string value)
    {
        U16(checked((ushort)Encoding.UTF8.GetByteCount(value)));
        Encoding.UTF8.GetBytes(value, bytes);
    }

    public void Block<T>(ReadOnlySpan<T> values)
        where T : unmanaged => bytes.Write(MemoryMarshal.AsBytes(values));
}

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote.</summary>
internal ref struct SnapshotReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public long I64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public string Text() => Encoding.UTF8.GetString(Take(U16()));

    /// <summary>Fills the array: one copy, whatever it holds.</summary>
    public void Block<T>(Span<T> values)
        where T : unmanaged
    {
        Span<byte> into = MemoryMarshal.AsBytes(values);
        Take(into.Length).CopyTo(into);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw new FormatException("A snapshot ends before its end.");

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
