namespace NumberLedger.Grains;

/// <summary>
/// What time it is for a block: never before its last entry was recorded, whichever machine recorded it.
/// </summary>
internal sealed class LedgerClock(TimeProvider time)
{
    /// <summary>UTC, whole milliseconds: what an entry can hold.</summary>
    /// <param name="recordedAt">Of the block, and of what the decision rests on: read later, it may be newer.</param>
    public DateTimeOffset Now(params ReadOnlySpan<DateTimeOffset> recordedAt)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (DateTimeOffset earlier in recordedAt)
        {
            if (earlier > now) now = earlier;
        }

        return now;
    }
}
