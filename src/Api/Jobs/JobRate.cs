namespace NumberLedger.Api;

/// <summary>
/// How fast a job goes: over the last seconds, so that a slow beginning is soon forgotten and a pause soon seen.
/// </summary>
/// <remarks>Instants are spans since any moment, of a clock that never goes back. Thread-safe.</remarks>
internal sealed class JobRate
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Checkpoints come in bursts; closer than this they say nothing new.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(100);

    /// <summary>What is known after less than this is a guess.</summary>
    private static readonly TimeSpan KnownAfter = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly LinkedList<Sample> _samples = [];

    public void Note(TimeSpan at, long rows, long bytes)
    {
        lock (_lock)
        {
            // The last one but one stands, so that the newest is always there, and the list stays short.
            if (_samples.Last is { Previous.Value.At: var before } && at - before < Apart) _samples.RemoveLast();

            _samples.AddLast(new Sample(at, rows, bytes));
            while (_samples.First is { Next.Value.At: var next } && at - next > Window) _samples.RemoveFirst();
        }
    }

    /// <summary>Rows and bytes in a second; null until they are known.</summary>
    public (double Rows, double Bytes)? At(TimeSpan now)
    {
        lock (_lock)
        {
            if (_samples.Count < 2) return null;

            Sample first = _samples.First!.Value;
            Sample last = _samples.Last!.Value;
            double seconds = (now - first.At).TotalSeconds;
            return seconds < KnownAfter.TotalSeconds
                ? null
                : ((last.Rows - first.Rows) / seconds, (last.Bytes - first.Bytes) / seconds);
        }
    }

    private readonly record struct Sample(TimeSpan At, long Rows, long Bytes);
}
