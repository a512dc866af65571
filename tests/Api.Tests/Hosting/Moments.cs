namespace NumberLedger.Api.Tests.Hosting;

/// <summary>Days and instants as the API writes them, before now.</summary>
internal static class Moments
{
    public static string Today => DaysAgo(0);

    public static string DaysAgo(int days) => DateTime.UtcNow.AddDays(-days).ToString("yyyy-MM-dd");

    /// <summary>Noon in China, so many days ago.</summary>
    public static string NoonDaysAgo(int days) => DaysAgo(days) + "T12:00:00+08:00";
}
