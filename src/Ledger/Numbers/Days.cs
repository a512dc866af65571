namespace NumberLedger;

/// <summary>The calendar that the ledger can hold: days pack into 16 bits, 1 for the first, 0 for none.</summary>
public static class Days
{
    public static readonly DateOnly First = new(1950, 1, 1);
    public static readonly DateOnly Last = First.AddDays(ushort.MaxValue - 1);

    public static bool CanHold(DateOnly day) => day >= First && day <= Last;

    /// <exception cref="ArgumentOutOfRangeException">
    /// The calendar cannot hold it; the day before the first would pack as none.
    /// </exception>
    public static ushort Pack(DateOnly day) => CanHold(day)
        ? (ushort)(day.DayNumber - First.DayNumber + 1)
        : throw new ArgumentOutOfRangeException(nameof(day), day, "The ledger's calendar does not hold this day.");

    public static ushort Pack(DateOnly? day) => day is { } known ? Pack(known) : (ushort)0;

    public static DateOnly? Unpack(ushort packed) => packed == 0 ? null : First.AddDays(packed - 1);
}
