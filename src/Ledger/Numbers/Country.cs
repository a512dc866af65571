namespace NumberLedger;

/// <summary>The few facts about a country that the rules need.</summary>
/// <param name="AgingDaysMin">
/// Days that must pass between a permanent disconnect and a reassignment; 0: no rule known.
/// </param>
/// <param name="WesternmostOffset">
/// Where the country's day ends last. A consent's day is never later than the day there.
/// </param>
/// <param name="LatestOffset">
/// Where the day begins first, UTC at least: a day later than the one there is in the future.
/// </param>
public readonly record struct Country(int AgingDaysMin, TimeSpan WesternmostOffset, TimeSpan LatestOffset)
{
    // Sources: 47 CFR 52.15(f)(1)(ii), 45 days since 2020-07-27; China's carriers rest numbers for about 90 days.
    private static readonly Country NorthAmerica = new(45, TimeSpan.FromHours(-11), TimeSpan.Zero);
    private static readonly Country China = new(90, TimeSpan.FromHours(8), TimeSpan.FromHours(8));

    public static Country Of(PhoneNumber number) => Of(NumberBlock.Of(number));

    /// <summary>
    /// All numbers of a block have one calling code: a code has three digits at most, and so has the shortest key.
    /// </summary>
    public static Country Of(NumberBlock block) => CallingCodes.Of(block) switch
    {
        1 => NorthAmerica,
        86 => China,
        int code => new(0, TimeSpan.FromHours(-HoursBehindUtc(code)), TimeSpan.Zero),
    };

    /// <summary>
    /// The calendar day of a consent: the day as written, but never later than the day at the country's westernmost
    /// offset. An evening in New York, written as UTC, would otherwise count for the next day's holder.
    /// </summary>
    public DateOnly ConsentDay(DateTimeOffset consentedAt)
    {
        DateOnly written = DateOnly.FromDateTime(consentedAt.DateTime);
        DateOnly there = DayAt(consentedAt, WesternmostOffset);
        return written < there ? written : there;
    }

    /// <summary>The latest day that is not in the future anywhere in the country.</summary>
    public DateOnly LatestDay(DateTimeOffset now) => DayAt(now, LatestOffset);

    /// <summary>
    /// For the other codes whose day ends later than the UTC day somewhere: by how much, where it ends last.
    /// </summary>
    /// <remarks>
    /// Source: the tz database, 2025b. Of a code that is behind UTC today, the westernmost offset since 2010, islands
    /// included. For others UTC errs on the safe side: a consent of their early morning counts for the day before.
    /// </remarks>
    private static double HoursBehindUtc(int code) => code switch
    {
        238 or 351 => 1,
        54 or 508 or 594 or 597 or 598 => 3,
        297 or 299 or 500 or 590 or 591 or 592 or 595 or 596 or 599 => 4,
        58 => 4.5,
        51 or 53 or 55 or 57 or 507 or 509 => 5,
        56 or (>= 501 and <= 506) or 593 => 6,
        52 => 8,
        682 or 689 => 10,
        683 => 11,
        _ => 0,
    };

    // Not ToOffset: that throws in the first and last hours of the calendar.
    private static DateOnly DayAt(DateTimeOffset instant, TimeSpan offset)
    {
        long ticks = Math.Clamp(instant.UtcTicks + offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return DateOnly.FromDateTime(new DateTime(ticks));
    }
}
