using System.Diagnostics;

namespace NumberLedger.Bench.Compare;

internal static class Wait
{
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(2);

    /// <summary>Until something serves. Asks often: a start that is measured must not wait for that.</summary>
    public static void Until(Func<bool> isReady, Func<bool> hasEnded, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!isReady())
        {
            if (hasEnded()) throw new InvalidOperationException($"{what} ended before it served; see its log.");
            if (clock.Elapsed > Max) throw new TimeoutException($"{what} does not serve after {Max}.");
            Thread.Sleep(5);
        }
    }
}
