namespace NumberLedger.Silo;

/// <param name="Carrier">Who reports on it; null: nobody.</param>
/// <param name="UtcOffset">Of its holder's wall clock, daylight saving left aside.</param>
internal readonly record struct SampleNumber(PhoneNumber Number, SampleCarrier? Carrier, TimeSpan UtcOffset);

/// <summary>Draws carriers' ranges from real numbering plans, and the sample's numbers from the ranges.</summary>
/// <remarks>
/// China: mobile prefix of three digits, four more for the region, four for the subscriber; a range is ten blocks.
/// North America: one NPA-NXX is one block, some shared by two carriers in thousands, as number pooling does. A few
/// blocks are in nobody's range. The carriers are invented; the prefixes exist, so any number drawn here may be
/// somebody's.
/// </remarks>
internal sealed class SamplePlan
{
    private const int NumbersPerBlockUsed = 700;
    private const int BlocksPerChineseRange = 10;

    private static readonly SampleCarrier Jade = new("jade-mobile", "Jade Mobile", "jm", 86, new(2022, 1, 1));
    private static readonly SampleCarrier Lotus = new("lotus-telecom", "Lotus Telecom", "lt", 86, new(2023, 7, 1));
    // The FCC's registry knows nothing of before 27 January 2021 either.
    private static readonly SampleCarrier Prairie = new(
        "prairie-wireless", "Prairie Wireless", "pw", 1, new(2021, 1, 27));
    private static readonly SampleCarrier Harbor = new("harbor-cellular", "Harbor Cellular", "hc", 1, new(2021, 1, 27));

    private static readonly int[] JadePrefixes = [135, 136, 138, 139, 150, 158, 188];
    private static readonly int[] LotusPrefixes = [133, 153, 180, 181, 189, 199];

    private static readonly (int AreaCode, int UtcOffsetHours)[] AreaCodes =
    [
        (206, -8), (213, -8), (214, -6), (303, -7), (305, -5), (312, -6), (404, -5), (415, -8), (512, -6), (602, -7),
        (617, -5), (702, -8), (713, -6), (718, -5), (773, -6), (917, -5),
    ];

    private readonly SampleRandom _dice;
    private readonly HashSet<long> _taken = [];
    private readonly List<SampleRange> _ranges = [];
    private readonly List<(long Block, SampleCarrier? Low, SampleCarrier? High, int UtcOffsetHours)> _blocks = [];

    private SamplePlan(SampleRandom dice) => _dice = dice;

    public static IReadOnlyList<SampleCarrier> Carriers { get; } = [Jade, Lotus, Prairie, Harbor];

    /// <summary>Of another carrier of the same country.</summary>
    public static SampleCarrier Rival(SampleCarrier carrier) =>
        Carriers.First(other => other != carrier && other.CallingCode == carrier.CallingCode);

    public static (IReadOnlyList<SampleRange> Ranges, SampleNumber[] Numbers) Draw(SampleOptions options)
    {
        var plan = new SamplePlan(new SampleRandom(options.Seed, stream: 1));
        int chineseRanges = Math.Max(2, options.Numbers * 58 / 100 / (NumbersPerBlockUsed * BlocksPerChineseRange));
        int americanBlocks = Math.Max(3, options.Numbers * 39 / 100 / NumbersPerBlockUsed);
        int unknownBlocks = Math.Max(2, options.Numbers * 3 / 100 / NumbersPerBlockUsed);
        for (int i = 0; i < chineseRanges; i++) plan.AddChineseRange(i % 2 == 0 ? Jade : Lotus);
        for (int i = 0; i < americanBlocks; i++) plan.AddAmericanBlock(i);
        for (int i = 0; i < unknownBlocks; i++) plan.AddUnknownBlock(i % 2 == 0);

        plan._ranges.Sort((a, b) => a.From.CompareTo(b.From));
        return (plan._ranges, plan.DrawNumbers(options.Numbers));
    }

    private void AddChineseRange(SampleCarrier carrier)
    {
        long first = FreeChineseBlock(carrier == Jade ? JadePrefixes : LotusPrefixes);
        for (long block = first; block < first + BlocksPerChineseRange; block++)
        {
            _taken.Add(block);
            _blocks.Add((block, carrier, carrier, 8));
        }

        _ranges.Add(new(carrier, NumberAt(first, 0), NumberAt(first + BlocksPerChineseRange - 1, 9_999)));
    }

    private void AddAmericanBlock(int index)
    {
        (long block, int hours) = FreeAmericanBlock();
        SampleCarrier owner = index % 2 == 0 ? Prairie : Harbor;
        bool pooled = index % 5 == 0;
        SampleCarrier high = pooled ? Rival(owner) : owner;
        _blocks.Add((block, owner, high, hours));
        _ranges.Add(new(owner, NumberAt(block, 0), NumberAt(block, pooled ? 4_999 : 9_999)));
        if (pooled) _ranges.Add(new(high, NumberAt(block, 5_000), NumberAt(block, 9_999)));
    }

    private void AddUnknownBlock(bool chinese)
    {
        if (chinese)
        {
            long block = FreeChineseBlock([.. JadePrefixes, .. LotusPrefixes]);
            _taken.Add(block);
            _blocks.Add((block, null, null, 8));
        }
        else
        {
            (long block, int hours) = FreeAmericanBlock();
            _blocks.Add((block, null, null, hours));
        }
    }

    /// <summary>The first of ten blocks of which none is taken.</summary>
    private long FreeChineseBlock(ReadOnlySpan<int> prefixes)
    {
        while (true)
        {
            long first = (((86_000L + _dice.Pick(prefixes)) * 1_000) + _dice.Below(1_000)) * 10;
            if (!_taken.Contains(first)) return first;
        }
    }

    private (long Block, int UtcOffsetHours) FreeAmericanBlock()
    {
        while (true)
        {
            (int areaCode, int hours) = _dice.Pick<(int, int)>(AreaCodes);
            int exchange = _dice.Between(220, 989);
            // N11 are services, 555 is for films and directories, 950, 958 and 959 are for the carriers themselves.
            if (exchange % 100 == 11 || exchange is 555 or 950 or 958 or 959) continue;

            long block = ((1_000L + areaCode) * 1_000) + exchange;
            if (_taken.Add(block)) return (block, hours);
        }
    }

    /// <summary>As many from every block, at random places, in random order.</summary>
    private SampleNumber[] DrawNumbers(int count)
    {
        var numbers = new SampleNumber[count];
        int[] offsets = [.. Enumerable.Range(0, NumberBlock.NumbersPerBlock)];
        int drawn = 0;
        for (int i = 0; i < _blocks.Count; i++)
        {
            (long block, SampleCarrier? low, SampleCarrier? high, int hours) = _blocks[i];
            int upTo = (int)((long)count * (i + 1) / _blocks.Count);
            _dice.Shuffle(offsets.AsSpan());
            for (int next = 0; drawn < upTo; next++, drawn++)
            {
                int offset = offsets[next];
                numbers[drawn] = new(NumberAt(block, offset), offset < 5_000 ? low : high, TimeSpan.FromHours(hours));
            }
        }

        _dice.Shuffle(numbers.AsSpan());
        return numbers;
    }

    private static PhoneNumber NumberAt(long block, int offset) =>
        new NumberBlock(block).TryNumberAt(offset, out PhoneNumber number)
            ? number
            : throw new System.Diagnostics.UnreachableException("The plan drew a number that cannot exist.");
}
