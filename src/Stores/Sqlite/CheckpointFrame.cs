using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NumberLedger.Stores;

/// <summary>One frame of the checkpoint file: 4,096 bytes that are right or wrong as a whole.</summary>
/// <remarks>
/// All integers big-endian:
/// <code>
///    0   8  "NLCHECK1"
///    8  16  ledger id, random, also in the database's meta table: a checkpoint fits one ledger only
///   24   8  batch: 1, 2, 3 …; a batch is what one sync made durable
///   32   4  frame within its batch: 0, 1, 2 …
///   36   4  frames in the batch, at least 1
///   40   4  heads in this frame, 0 to 83
///   44   4  zero
///   48      83 heads of 48 bytes: block, 8 | position, 8 | hash of that entry, 32; unused ones zero
/// 4032  32  MAC of the frame before; zero in the first frame of the file
/// 4064  32  MAC = HMAC-SHA256(HKDF-SHA256(master, info "nl/checkpoint/1"), bytes 0 to 4063)
/// </code>
/// Frames have one size, and a MAC of their own beside the chain, so that what follows a damaged frame can still be
/// judged: only so a torn end, which every crash may leave, differs from damage.
/// </remarks>
internal static class CheckpointFrame
{
    public const int Size = 4_096;
    public const int HeadsMax = 83;
    public const int LedgerIdSize = 16;

    private const int HeaderSize = 48;
    private const int HeadSize = 48;
    private const int PreviousAt = HeaderSize + (HeadsMax * HeadSize);
    private const int MacAt = PreviousAt + Hash256.Size;

    private static ReadOnlySpan<byte> Magic => "NLCHECK1"u8;

    /// <summary>The frames of one batch, ready to be written.</summary>
    public static byte[] Encode(
        CheckpointKey key, long batch, IReadOnlyCollection<KeyValuePair<NumberBlock, BlockHead>> heads,
        ref Hash256 previous)
    {
        int count = Math.Max(1, (heads.Count + HeadsMax - 1) / HeadsMax);
        byte[] bytes = new byte[count * Size];
        int left = heads.Count;
        using IEnumerator<KeyValuePair<NumberBlock, BlockHead>> next = heads.GetEnumerator();
        for (int i = 0; i < count; i++)
        {
            Span<byte> frame = bytes.AsSpan(i * Size, Size);
            int inFrame = Math.Min(left, HeadsMax);
            left -= inFrame;

            Magic.CopyTo(frame);
            key.LedgerId.CopyTo(frame[8..]);
            BinaryPrimitives.WriteInt64BigEndian(frame[24..], batch);
            BinaryPrimitives.WriteInt32BigEndian(frame[32..], i);
            BinaryPrimitives.WriteInt32BigEndian(frame[36..], count);
            BinaryPrimitives.WriteInt32BigEndian(frame[40..], inFrame);
            for (int row = 0; row < inFrame && next.MoveNext(); row++) WriteHead(RowOf(frame, row), next.Current);
            previous.Write(frame[PreviousAt..]);
            previous = MacOf(key, frame);
            previous.Write(frame[MacAt..]);
        }

        return bytes;
    }

    public static Header ReadHeader(ReadOnlySpan<byte> frame) => new(
        Batch: BinaryPrimitives.ReadInt64BigEndian(frame[24..]),
        Frame: BinaryPrimitives.ReadInt32BigEndian(frame[32..]),
        Frames: BinaryPrimitives.ReadInt32BigEndian(frame[36..]),
        Heads: BinaryPrimitives.ReadInt32BigEndian(frame[40..]),
        Previous: Hash256.Read(frame[PreviousAt..]),
        Mac: Hash256.Read(frame[MacAt..]));

    public static (NumberBlock Block, long Position, Hash256 Hash) ReadHead(ReadOnlySpan<byte> frame, int row)
    {
        ReadOnlySpan<byte> head = frame.Slice(HeaderSize + (row * HeadSize), HeadSize);
        return (
            new NumberBlock(BinaryPrimitives.ReadInt64BigEndian(head)), BinaryPrimitives.ReadInt64BigEndian(head[8..]),
            Hash256.Read(head[16..]));
    }

    /// <summary>Whether this process's key signed these bytes, for whichever ledger.</summary>
    public static bool IsSigned(CheckpointKey key, ReadOnlySpan<byte> frame) =>
        frame.StartsWith(Magic) && MacOf(key, frame) == Hash256.Read(frame[MacAt..]);

    public static bool IsOfLedger(CheckpointKey key, ReadOnlySpan<byte> frame) =>
        frame.Slice(8, LedgerIdSize).SequenceEqual(key.LedgerId);

    private static Span<byte> RowOf(Span<byte> frame, int row) => frame.Slice(HeaderSize + (row * HeadSize), HeadSize);

    private static void WriteHead(Span<byte> row, KeyValuePair<NumberBlock, BlockHead> head)
    {
        BinaryPrimitives.WriteInt64BigEndian(row, head.Key.Key);
        BinaryPrimitives.WriteInt64BigEndian(row[8..], head.Value.Position);
        head.Value.Hash.Write(row[16..]);
    }

    private static Hash256 MacOf(CheckpointKey key, ReadOnlySpan<byte> frame)
    {
        Span<byte> mac = stackalloc byte[Hash256.Size];
        HMACSHA256.HashData(key.Secret, frame[..MacAt], mac);
        return Hash256.Read(mac);
    }

    public readonly record struct Header(long Batch, int Frame, int Frames, int Heads, Hash256 Previous, Hash256 Mac);
}

/// <summary>What signs a ledger's checkpoint, and which ledger it is.</summary>
internal sealed class CheckpointKey(MasterKey master, byte[] ledgerId)
{
    public byte[] Secret { get; } = master.Derive("nl/checkpoint/1");
    public byte[] LedgerId => ledgerId;
}
