using System.Numerics;

namespace NumberLedger;

/// <summary>What a scrub answered, as its trailer tells.</summary>
public sealed class ScrubCounts
{
    private static readonly Reasons[] AllReasons =
        [.. Enum.GetValues<Reasons>().Where(reason => reason != Reasons.None)];

    private readonly long[] _verdicts = new long[(int)Verdict.Unknown + 1];
    private readonly long[] _reasons = new long[AllReasons.Length];

    public long Rows => Bad + _verdicts.Sum();

    /// <summary>Lines that could not be asked.</summary>
    public long Bad { get; set; }

    public long Of(Verdict verdict) => _verdicts[(int)verdict];

    /// <summary>How often a reason was the decisive one.</summary>
    public long Of(Reasons reason) => _reasons[BitOperations.TrailingZeroCount((uint)reason)];

    public void Count(in Answer answer)
    {
        _verdicts[(int)answer.Verdict]++;
        if (answer.Reasons != Reasons.None) _reasons[BitOperations.TrailingZeroCount((uint)answer.Reasons)]++;
    }

    public void Add(ScrubCounts more)
    {
        Bad += more.Bad;
        for (int i = 0; i < _verdicts.Length; i++) _verdicts[i] += more._verdicts[i];
        for (int i = 0; i < _reasons.Length; i++) _reasons[i] += more._reasons[i];
    }

    public void Clear()
    {
        Bad = 0;
        Array.Clear(_verdicts);
        Array.Clear(_reasons);
    }

    /// <summary>Those that always stand, then the reasons that occurred, in order of precedence.</summary>
    /// <param name="nameOf">As the API writes it.</param>
    public List<KeyValuePair<string, long>> ToList(Func<Reasons, string> nameOf)
    {
        List<KeyValuePair<string, long>> counts =
        [
            new("rows", Rows), new("allow", Of(Verdict.Allow)), new("deny", Of(Verdict.Deny)),
            new("unknown", Of(Verdict.Unknown)), new("bad", Bad),
        ];
        counts.AddRange(AllReasons.Where(reason => Of(reason) > 0)
            .Select(reason => new KeyValuePair<string, long>("reason." + nameOf(reason), Of(reason))));
        return counts;
    }
}
