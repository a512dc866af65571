using System.Numerics;

namespace NumberLedger.Silo;

/// <summary>The generator's dice: the same throws on every machine and every release of .NET.</summary>
/// <remarks>
/// xoshiro256** by Blackman and Vigna, its state filled by SplitMix64, as its authors advise. Whole numbers only:
/// <see cref="Random"/> may change its algorithm, and floating point its rounding. Not for secrets.
/// </remarks>
internal sealed class SampleRandom
{
    private ulong _a, _b, _c, _d;

    /// <param name="stream">Another stream is another sequence: what one part draws does not move the others.</param>
    public SampleRandom(ulong seed, ulong stream)
    {
        ulong state = seed;
        state = Split(ref state) ^ stream;
        (_a, _b, _c, _d) = (Split(ref state), Split(ref state), Split(ref state), Split(ref state));
    }

    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>0 to <paramref name="count"/> - 1. Its bias, below count / 2^64, is nobody's concern here.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Happens(int perThousand) => Below(1_000) < perThousand;

    public T Pick<T>(ReadOnlySpan<T> from) => from[Below(from.Length)];

    /// <summary>One of the values, each as often as its weight says.</summary>
    public T Pick<T>(ReadOnlySpan<(int Weight, T Value)> from)
    {
        int sum = 0;
        foreach ((int weight, _) in from) sum += weight;

        int drawn = Below(sum);
        int at = 0;
        while (drawn >= from[at].Weight) drawn -= from[at++].Weight;
        return from[at].Value;
    }

    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private static ulong Split(ref ulong state)
    {
        ulong z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
