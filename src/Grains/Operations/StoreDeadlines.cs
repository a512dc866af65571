namespace NumberLedger.Grains;

/// <summary>
/// How long the store may take. Below the callers' patience: "unavailable" in time is better than no answer.
/// </summary>
/// <param name="Head">A check without a head by then is a 503, never an answer from memory.</param>
/// <param name="Read">For one page of entries.</param>
/// <param name="Write">Past it the outcome is unknown. Longer than the slowest sync of a healthy disk.</param>
internal sealed record StoreDeadlines(TimeSpan Head, TimeSpan Read, TimeSpan Write)
{
    public static StoreDeadlines Default { get; } =
        new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
}
