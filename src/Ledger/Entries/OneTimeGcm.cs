using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Instructions = System.Runtime.Intrinsics.X86.Aes;

namespace NumberLedger;

/// <summary>AES-256-GCM with a 96-bit nonce, under a key that seals one entry: NIST SP 800-38D.</summary>
/// <remarks>
/// <see cref="System.Security.Cryptography.AesGcm"/> is made for many messages under one key: setting it up costs six
/// times what sealing a short entry does, and every entry has a key of its own. So on processors that have the
/// instructions, whose time depends on no key or text, an entry is sealed by them directly. It is opened by the
/// framework's implementation alone, which so verifies every byte that was made here. Only encrypts.
/// </remarks>
internal static class OneTimeGcm
{
    public const int KeySize = 32;
    public const int TagSize = 16;

    private const int BlockSize = 16;
    private const int Rounds = 14;

    /// <summary>Blocks encrypted side by side: the instruction takes some cycles, and several at a time.</summary>
    private const int BlocksAtOnce = 8;

    public static bool IsSupported =>
        Instructions.IsSupported && Pclmulqdq.IsSupported && Ssse3.IsSupported;

    private static Vector128<byte> Reversed =>
        Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="sealedText">As long as <paramref name="text"/>.</param>
    /// <param name="tag">16 bytes.</param>
    /// <exception cref="PlatformNotSupportedException">See <see cref="IsSupported"/>.</exception>
    public static void Encrypt(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, Span<byte> sealedText,
        Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        if (!IsSupported) throw new PlatformNotSupportedException();
        Debug.Assert(key.Length == KeySize && nonce.Length == 12 && sealedText.Length == text.Length);

        Span<Vector128<byte>> keys = stackalloc Vector128<byte>[Rounds + 1];
        Expand(key, keys);
        Span<byte> counter = stackalloc byte[BlockSize];
        nonce.CopyTo(counter);

        // Block 0 of the key stream: what hashes. Block 1, by its counter, masks the tag. The text begins with block 2.
        Span<Vector128<byte>> stream = stackalloc Vector128<byte>[BlocksAtOnce];
        stream[0] = Vector128<byte>.Zero;
        uint next = 1;
        int filled = Fill(stream, 1, counter, ref next, text.Length);
        EncryptBlocks(keys, stream[..filled]);
        var hash = new Hash(stream[0]);
        Vector128<byte> mask = stream[1];
        hash.Add(associated);

        int at = 2;
        for (int done = 0; done < text.Length; done += BlockSize)
        {
            if (at == filled)
            {
                filled = Fill(stream, 0, counter, ref next, text.Length);
                EncryptBlocks(keys, stream[..filled]);
                at = 0;
            }

            XorBlock(text[done..], stream[at++], sealedText[done..]);
        }

        hash.Add(sealedText);
        (hash.End(associated.Length, text.Length) ^ mask).CopyTo(tag);
        keys.Clear();
        stream.Clear();
    }

    /// <summary>Counter blocks for the mask and for what is left of a text, as many as there is room for.</summary>
    private static int Fill(
        Span<Vector128<byte>> stream, int from, Span<byte> counter, ref uint next, int textLength)
    {
        uint last = (uint)((textLength + BlockSize - 1) / BlockSize) + 1;
        int at = from;
        for (; at < stream.Length && next <= last; at++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counter[12..], next++);
            stream[at] = Vector128.Create<byte>(counter);
        }

        return at;
    }

    private static void XorBlock(ReadOnlySpan<byte> text, Vector128<byte> stream, Span<byte> to)
    {
        if (text.Length >= BlockSize)
        {
            (Vector128.Create(text) ^ stream).CopyTo(to);
            return;
        }

        for (int i = 0; i < text.Length; i++) to[i] = (byte)(text[i] ^ stream[i]);
    }

    private static void EncryptBlocks(ReadOnlySpan<Vector128<byte>> keys, Span<Vector128<byte>> blocks)
    {
        for (int i = 0; i < blocks.Length; i++) blocks[i] ^= keys[0];
        for (int round = 1; round < Rounds; round++)
        {
            Vector128<byte> key = keys[round];
            for (int i = 0; i < blocks.Length; i++)
            {
                blocks[i] = Instructions.Encrypt(blocks[i], key);
            }
        }

        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = Instructions.EncryptLast(blocks[i], keys[Rounds]);
        }
    }

    /// <summary>The key schedule: FIPS 197, section 5.2.</summary>
    private static void Expand(ReadOnlySpan<byte> key, Span<Vector128<byte>> keys)
    {
        Vector128<byte> even = keys[0] = Vector128.Create(key);
        Vector128<byte> odd = keys[1] = Vector128.Create(key[BlockSize..]);
        Pair(keys, 2, ref even, ref odd, Instructions.KeygenAssist(odd, 0x01));
        Pair(keys, 4, ref even, ref odd, Instructions.KeygenAssist(odd, 0x02));
        Pair(keys, 6, ref even, ref odd, Instructions.KeygenAssist(odd, 0x04));
        Pair(keys, 8, ref even, ref odd, Instructions.KeygenAssist(odd, 0x08));
        Pair(keys, 10, ref even, ref odd, Instructions.KeygenAssist(odd, 0x10));
        Pair(keys, 12, ref even, ref odd, Instructions.KeygenAssist(odd, 0x20));
        keys[14] = Mix(even, Spread(Instructions.KeygenAssist(odd, 0x40), 0xFF));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(
        Span<Vector128<byte>> keys, int at, ref Vector128<byte> even, ref Vector128<byte> odd, Vector128<byte> assist)
    {
        keys[at] = even = Mix(even, Spread(assist, 0xFF));
        keys[at + 1] = odd = Mix(odd, Spread(Instructions.KeygenAssist(even, 0x00), 0xAA));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Spread(Vector128<byte> assist, [ConstantExpected] byte word) =>
        Sse2.Shuffle(assist.AsInt32(), word).AsByte();

    /// <summary>Each word becomes the sum of itself and all before it.</summary>
    private static Vector128<byte> Mix(Vector128<byte> words, Vector128<byte> assist)
    {
        words ^= Sse2.ShiftLeftLogical128BitLane(words, 4);
        words ^= Sse2.ShiftLeftLogical128BitLane(words, 8);
        return words ^ assist;
    }

    /// <summary>GHASH. Blocks are held with their bytes reversed, so that the carry-less product applies.</summary>
    private ref struct Hash(Vector128<byte> key)
    {
        private readonly Vector128<ulong> _key = Ssse3.Shuffle(key, Reversed).AsUInt64();
        private Vector128<ulong> _sum = Vector128<ulong>.Zero;

        /// <summary>The last block is filled up with zeros.</summary>
        public void Add(ReadOnlySpan<byte> bytes)
        {
            for (; bytes.Length >= BlockSize; bytes = bytes[BlockSize..]) Add(Vector128.Create(bytes));
            if (bytes.IsEmpty) return;

            Span<byte> last = stackalloc byte[BlockSize];
            last.Clear();
            bytes.CopyTo(last);
            Add(Vector128.Create<byte>(last));
        }

        public Vector128<byte> End(int associatedBytes, int textBytes)
        {
            _sum = Product(_sum ^ Vector128.Create((ulong)textBytes * 8, (ulong)associatedBytes * 8), _key);
            return Ssse3.Shuffle(_sum.AsByte(), Reversed);
        }

        private void Add(Vector128<byte> block) =>
            _sum = Product(_sum ^ Ssse3.Shuffle(block, Reversed).AsUInt64(), _key);

        /// <summary>
        /// In GF(2^128), as Gueron and Kounavis have it: the product of reflected operands is one bit short, and is
        /// then reduced modulo x^128 + x^7 + x^2 + x + 1.
        /// </summary>
        private static Vector128<ulong> Product(Vector128<ulong> a, Vector128<ulong> b)
        {
            Vector128<ulong> low = Pclmulqdq.CarrylessMultiply(a, b, 0x00);
            Vector128<ulong> high = Pclmulqdq.CarrylessMultiply(a, b, 0x11);
            Vector128<ulong> middle =
                Pclmulqdq.CarrylessMultiply(a, b, 0x01) ^ Pclmulqdq.CarrylessMultiply(a, b, 0x10);
            low ^= Sse2.ShiftLeftLogical128BitLane(middle, 8);
            high ^= Sse2.ShiftRightLogical128BitLane(middle, 8);

            Vector128<uint> lowWords = low.AsUInt32(), highWords = high.AsUInt32();
            Vector128<uint> lowCarry = lowWords >> 31, highCarry = highWords >> 31;
            lowWords = (lowWords << 1) | Sse2.ShiftLeftLogical128BitLane(lowCarry, 4);
            highWords = (highWords << 1) | Sse2.ShiftLeftLogical128BitLane(highCarry, 4)
                | Sse2.ShiftRightLogical128BitLane(lowCarry, 12);

            Vector128<uint> folded = (lowWords << 31) ^ (lowWords << 30) ^ (lowWords << 25);
            lowWords ^= Sse2.ShiftLeftLogical128BitLane(folded, 12);
            Vector128<uint> rest = (lowWords >> 1) ^ (lowWords >> 2) ^ (lowWords >> 7)
                ^ Sse2.ShiftRightLogical128BitLane(folded, 4);
            return (highWords ^ lowWords ^ rest).AsUInt64();
        }
    }
}
