using System.Collections.Concurrent;

namespace NumberLedger.Faults.Tests;

/// <summary>What became of one thing that somebody sent.</summary>
internal enum Fate
{
    /// <summary>No answer yet: it may stand in the ledger once, or not at all.</summary>
    Unknown,

    /// <summary>Acknowledged: it stands there once, from now on.</summary>
    Recorded,

    /// <summary>The ledger said no: it never stands there.</summary>
    Refused,
}

/// <summary>One number, and all that the ledger was told about it and answered.</summary>
/// <param name="text">E.164.</param>
internal sealed class Line(string text)
{
    private volatile bool _isBound;
    private volatile bool _mayBeEnded;
    private volatile bool _isEnded;
    private int _news;
    private int _releases;
    private int _refusals;

    public string Text { get; } = text;

    /// <summary>By what each looks like in a history: <see cref="Marks"/>.</summary>
    public ConcurrentDictionary<string, Fate> Sent { get; } = new(StringComparer.Ordinal);

    /// <summary>A binding was acknowledged.</summary>
    public bool IsBound => _isBound;

    /// <summary>An end was sent: a refusal, a release, a disconnect.</summary>
    public bool MayBeEnded => _mayBeEnded;

    /// <summary>An end was acknowledged. No check that is asked after this may say allow.</summary>
    public bool IsEnded => _isEnded;

    public void SetNews() => Volatile.Write(ref _news, 1);

    /// <summary>Whether anything was sent since the last time.</summary>
    public bool TakeNews() => Interlocked.Exchange(ref _news, 0) == 1;

    public void SetBound() => _isBound = true;

    public void SetMayBeEnded() => _mayBeEnded = true;

    public void SetEnded() => _isEnded = true;

    /// <summary>Releases look alike in a history, so each number is released only once.</summary>
    public bool MayRelease() => Interlocked.Increment(ref _releases) == 1;

    public override string ToString() =>
        $"{Text}: {string.Join(", ", Sent.Select(sent => $"{sent.Key} {sent.Value}"))}";

    /// <summary>A refusal of the same day would be nothing new: each has a day of its own.</summary>
    public DateTimeOffset NextRefusal() =>
        new DateTimeOffset(2025, 1, 1, 12, 0, 0, TimeSpan.FromHours(8)).AddDays(Interlocked.Increment(ref _refusals));
}
