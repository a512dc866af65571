namespace NumberLedger;

/// <summary>
/// Who reports on a number, and since when the record is complete. <c>default</c>: nobody; the ledger knows nothing.
/// </summary>
public readonly record struct Coverage(string? Carrier, DateOnly? Since)
{
    /// <summary>
    /// Its range, unless it was ported away; or, in no range, its ports since the last gap between them. A port changes
    /// the reporting carrier, not the tenure: the range's <see cref="RangeShare.TrackedSince"/> stays.
    /// </summary>
    public static Coverage Of(RangeShare? range, Timeline timeline)
    {
        if (timeline.IsPortedAway) return default;
        if (range is not null) return new(timeline.LastPortedIn?.Carrier ?? range.Carrier, range.TrackedSince);

        return new(timeline.LastPortedIn?.Carrier, timeline.PortedInSince);
    }
}
