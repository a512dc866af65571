namespace NumberLedger.Grains;

/// <summary>
/// How long the store may take. Below the callers' patience: "unavailable" in time is better than no answer.
/// </summary>
/// <param name="Head">A read of heads without them by then is a 503, never an answer from memory.</param>
/// <param name="Read">For one page of entries.</param>
/// <param name="Write">Past it the outcome is unknown. Longer than the slowest sync of a healthy disk.</param>
/// <param name="Bulk">For an append of a file. Others may stand before it in the store's queue.</param>
internal sealed record StoreDeadlines(TimeSpan Head, TimeSpan Read, TimeSpan Write, TimeSpan Bulk)
{
    /// <summary>
    /// Of who waits for the read of heads after a late one: they may have waited behind that one too, or for another
    /// silo, and are to be told within half a second. The read itself has its whole deadline.
    /// </summary>
    public TimeSpan HeadPatience => Head * 0.4;

    /// <summary>For an index that is behind its head to follow, before whoever asked is told that it is not.</summary>
    public TimeSpan Follow => Head + FollowMore;

    private static readonly TimeSpan FollowMore = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan HeadMax = TimeSpan.FromMilliseconds(250);

    public static StoreDeadlines Default { get; } =
        new(HeadMax, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));

    /// <summary>Below the 3 seconds that a call between silos may take: docs/operating/cluster.md.</summary>
    public static StoreDeadlines InCluster { get; } =
        new(HeadMax, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));
}
