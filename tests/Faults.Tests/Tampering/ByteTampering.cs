namespace NumberLedger.Faults.Tests;

/// <summary>What may happen to a file, by chance or by hand.</summary>
internal static class ByteTampering
{
    private const int Page = 4_096;
    private const int RangeMax = 8_192;

    /// <param name="earlier">The same file at an earlier time.</param>
    public static (string What, byte[] Bytes) Of(byte[] sound, byte[] earlier, Random random)
    {
        byte[] bytes = [.. sound];
        int at = random.Next(bytes.Length);
        int length = random.Next(1, Math.Min(RangeMax, bytes.Length - at) + 1);
        switch (random.Next(8))
        {
            case 0 or 1 or 2:
                int bit = random.Next(8);
                bytes[at] ^= (byte)(1 << bit);
                return ($"bit {bit} of byte {at} flipped", bytes);
            case 3:
                return ($"cut at {at}", bytes[..at]);
            case 4:
                return ($"{length} bytes at {at} deleted", [.. bytes[..at], .. bytes[(at + length)..]]);
            case 5:
                int pages = bytes.Length / Page;
                if (pages < 2) goto case 4;
                (int one, int other) = (random.Next(pages) * Page, random.Next(pages) * Page);
                sound.AsSpan(one, Page).CopyTo(bytes.AsSpan(other));
                sound.AsSpan(other, Page).CopyTo(bytes.AsSpan(one));
                return ($"pages at {one} and {other} swapped", bytes);
            case 6:
                int end = Math.Min(at + length, earlier.Length);
                if (end <= at) goto case 3;
                earlier.AsSpan(at, end - at).CopyTo(bytes.AsSpan(at));
                return ($"bytes {at} to {end} rolled back", bytes);
            default:
                int from = random.Next(3) == 0 ? 0 : at / Page * Page;
                byte[] rolled = [.. earlier.AsSpan(0, Math.Min(from, earlier.Length)), .. bytes.AsSpan(from)];
                if (from == 0) rolled = [.. earlier];
                return ($"all before {from} (0: the whole file) rolled back", rolled);
        }
    }
}
