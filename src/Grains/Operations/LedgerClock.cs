namespace NumberLedger.Grains;

/// <summary>What time it is for a block: never before its last entry was recorded, whichever machine recorded it.</summary>
internal sealed class LedgerClock(TimeProvider time)
{
    /// <summary>UTC, whole milliseconds: what an entry can hold.</summary>
    public DateTimeOffset Now(BlockHead head)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        return now > head.RecordedAt ? now : head.RecordedAt;
    }
}
