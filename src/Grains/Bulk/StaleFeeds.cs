namespace NumberLedger.Grains;

/// <summary>Marks the answers that rest on a carrier's feed which is older than the carrier's own rhythm.</summary>
/// <remarks>
/// In most hours no feed is stale, and then there is nothing to look at. The feeds themselves are as last read, as they
/// are for single checks: they advise, and decide nothing.
/// </remarks>
internal sealed class StaleFeeds(RegistryReplica registry)
{
    private volatile Known? _known;

    public void Mark(BlockIndex index, ReadOnlySpan<ushort> offsets, Span<Answer> answers, DateOnly today)
    {
        Known known = KnownOn(today);
        if (known.Carriers.Count == 0 || !index.Carriers.Any(known.Carriers.Contains)) return;

        for (int i = 0; i < offsets.Length; i++)
        {
            if ((answers[i].Reasons & Answer.Alone) == Reasons.None && IsStale(known.State, index, offsets[i], today))
            {
                answers[i] = answers[i] with { Advisories = answers[i].Advisories | Advisories.StaleFeed };
            }
        }
    }

    private static bool IsStale(RegistryState state, BlockIndex index, ushort offset, DateOnly today) =>
        index.CarrierOf(offset) is { } carrier
        && index.Block.TryNumberAt(offset, out PhoneNumber number)
        && state.FeedOf(carrier, number)?.IsStale(today) is true;

    private Known KnownOn(DateOnly today)
    {
        RegistryState state = registry.Latest;
        Known? known = _known;
        if (known is not null && ReferenceEquals(known.State, state) && known.Day == today) return known;

        HashSet<string> carriers =
            [.. state.Feeds.Where(pair => pair.Value.AnyIsStale(today)).Select(pair => pair.Key)];
        return _known = new Known(state, today, carriers);
    }

    private sealed record Known(RegistryState State, DateOnly Day, HashSet<string> Carriers);
}
