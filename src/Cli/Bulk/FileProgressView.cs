using System.Globalization;

namespace NumberLedger.Cli;

/// <summary>
/// Shows on standard error how far a file is: drawn for who watches, a line every ten seconds for a log.
/// </summary>
/// <param name="inBytes">Nobody looks at its lines yet.</param>
internal sealed class FileProgressView(
    Screen screen, string title, FileMeter meter, bool resultsToStandardOutput, bool inBytes)
{
    private const double BytesPerMegabyte = 1e6;

    private static readonly TimeSpan InLog = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Drawn = TimeSpan.FromMilliseconds(200);

    /// <summary>A rate, and the time left, rest on so much of the past.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Queue<(long At, long Bytes, long Lines)> _samples = [];
    private (long At, long Bytes, long Lines) _now;

    public async Task<T> DuringAsync<T>(Task<T> work)
    {
        Sample();
        if (screen.MayDraw(resultsToStandardOutput)) await DrawAsync(work);
        else await TellAsync(work);

        return await work;
    }

    private async Task DrawAsync(Task work)
    {
        while (await Task.WhenAny(work, Task.Delay(Drawn)) != work)
        {
            Sample();
            // The last column stays free: a cursor behind it is in the next line already.
            screen.Progress.Show(Line().Fit(screen.Error.Profile.Width - 1));
        }

        screen.Progress.Clear();
    }

    private async Task TellAsync(Task work)
    {
        while (await Task.WhenAny(work, Task.Delay(InLog)) != work)
        {
            Sample();
            await Screen.TryTellAsync(Line().Told(screen.Lang));
        }
    }

    private void Sample()
    {
        _now = (_time.GetTimestamp(), meter.Bytes, meter.Lines);
        _samples.Enqueue(_now);
        while (_samples.Count > 2 && _time.GetElapsedTime(_samples.Peek().At, _now.At) > Window) _samples.Dequeue();
    }

    private ProgressLine Line()
    {
        (long at, long bytes, long lines) = _samples.Peek();
        double seconds = Math.Max(_time.GetElapsedTime(at, _now.At).TotalSeconds, 0.001);
        double bytesPerSecond = (_now.Bytes - bytes) / seconds;
        (string count, string rate) = inBytes
            ? InMegabytes(bytesPerSecond) : InLines((_now.Lines - lines) / seconds);
        double? share = null;
        string left = "";
        if (meter.BytesTotal is { } total)
        {
            share = total == 0 ? 1 : Math.Min(1, (double)_now.Bytes / total);
            if (total > _now.Bytes && bytesPerSecond > 0) left = LeftOf((total - _now.Bytes) / bytesPerSecond);
        }

        return new ProgressLine(title, share, count, rate, left);
    }

    private (string Count, string Rate) InLines(double perSecond)
    {
        (string count, string rate) = (Whole(_now.Lines), Whole(perSecond));
        return (
            meter.CountsEntries
                ? screen.Lang.Say($"{count} entries", $"{count} 条")
                : screen.Lang.Say(Lang.Lines(count), $"{count} 行"),
            meter.CountsEntries
                ? screen.Lang.Say($", {rate}/s", $"，每秒 {rate} 条")
                : screen.Lang.Say($", {rate}/s", $"，每秒 {rate} 行"));
    }

    private (string Count, string Rate) InMegabytes(double perSecond)
    {
        string rate = Tenths(perSecond / BytesPerMegabyte);
        return ($"{Tenths(_now.Bytes / BytesPerMegabyte)} MB", screen.Lang.Say($", {rate} MB/s", $"，每秒 {rate} MB"));
    }

    private string LeftOf(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(Math.Ceiling(seconds), TimeSpan.FromDays(9).TotalSeconds));
        string text = time < TimeSpan.FromMinutes(1)
            ? screen.Lang.Say($"{time.TotalSeconds:0} s", $"{time.TotalSeconds:0} 秒")
            : time < TimeSpan.FromHours(1) ? time.ToString(@"m\:ss", CultureInfo.InvariantCulture)
            : $"{(int)time.TotalHours}:{time:mm\\:ss}";
        return screen.Lang.Say($", {text} left", $"，还需 {text}");
    }

    private static string Whole(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Tenths(double count) => count.ToString("N1", CultureInfo.InvariantCulture);
}
