using System.Buffers;

namespace NumberLedger;

/// <summary>A block's index as bytes, from which it is in memory again by copying arrays.</summary>
/// <remarks>
/// <code>
/// snapshot = format, u8 = 1 | recorded at, i64, unix milliseconds | carriers | ranges | rows | details | lenders
/// carriers = count, u16 | count x text, ascending
/// ranges   = 10 x (carrier, u16 | tracked since, u16)
/// rows     = table of PackedRow
/// details  = count, u16 | count x (offset, u16 | carrier, u16 | NumberDetail), ascending
/// lenders  = count, u16 | count x (name, text | table of PackedBinding | table of expiries, i64), ascending
/// table    = count, u16 | the arrays of an OffsetTable made of so many values at once, if there are any
/// text     = length in bytes, u16 | UTF-8
/// </code>
/// Integers and arrays are little-endian, a carrier is its place in the list, from 1, or 0 for none. To the byte in
/// docs/reference/snapshots.md. Derived: a snapshot of any other format is thrown away, and made anew from the entries.
/// So is none that this release would fold otherwise: whoever changes what an index holds, or what it means (Timeline,
/// HolderFacts, LenderFacts, Coverage, a packed layout), MUST raise <see cref="Format"/>. GoldenSnapshotTests notices.
/// </remarks>
public static class SnapshotCodec
{
    public const byte Format = 1;

    /// <summary>Equal facts give equal bytes. Nobody may put anything into the index meanwhile.</summary>
    public static byte[] Encode(BlockIndex index)
    {
        var bytes = new ArrayBufferWriter<byte>(index.Bytes);
        var writer = new SnapshotWriter(bytes);
        writer.Byte(Format);
        writer.I64(index.Head.RecordedAt.ToUnixTimeMilliseconds());
        index.Write(writer);
        return bytes.WrittenSpan.ToArray();
    }

    /// <param name="position">Of the index when it was encoded, as is the hash.</param>
    /// <exception cref="FormatException">Another format, or no index is written so.</exception>
    public static BlockIndex Decode(NumberBlock block, long position, Hash256 hash, ReadOnlySpan<byte> bytes)
    {
        var reader = new SnapshotReader(bytes);
        byte format = reader.Byte();
        if (format != Format) throw new FormatException($"Snapshot format {format} is not this release's.");

        try
        {
            var recordedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.I64());
            var index = new BlockIndex(block);
            index.Read(ref reader);
            if (!reader.AtEnd) throw new FormatException("A snapshot has bytes left over.");

            index.MoveTo(new BlockHead(position, hash, recordedAt));
            return index;
        }
        catch (Exception impossible) when (impossible is ArgumentException or IndexOutOfRangeException)
        {
            throw new FormatException("A snapshot holds an impossible value.", impossible);
        }
    }
}
