using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NumberLedger.Cli;

/// <summary>
/// Shows on standard error how far a file is: drawn for who watches, a line every ten seconds for a log.
/// </summary>
internal sealed class FileProgressView(Screen screen, string title, FileMeter meter, bool resultsToStandardOutput)
{
    /// <summary>As wide as the bars of verdicts; so all of it fits into 80 columns.</summary>
    private const int BarWidth = 16;

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
        if (Screen.MayDraw(resultsToStandardOutput)) await DrawAsync(work);
        else await TellAsync(work);

        return await work;
    }

    private async Task DrawAsync(Task work)
    {
        await screen.Error.Progress().AutoClear(true).AutoRefresh(false)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(),
                new Column(this))
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title));
                while (await Task.WhenAny(work, Task.Delay(Drawn)) != work)
                {
                    Sample();
                    task.IsIndeterminate = meter.BytesTotal is null;
                    task.MaxValue = Math.Max(1, meter.BytesTotal ?? 1);
                    task.Value = meter.BytesTotal is null ? 0 : meter.Bytes;
                    context.Refresh();
                }
            });
    }

    private async Task TellAsync(Task work)
    {
        while (await Task.WhenAny(work, Task.Delay(InLog)) != work)
        {
            Sample();
            string share = meter.BytesTotal is { } total and > 0
                ? ((double)meter.Bytes / total).ToString("0%", CultureInfo.InvariantCulture) + ", "
                : "";
            await Screen.TryTellAsync($"{title}: {share}{Figures()}");
        }
    }

    private void Sample()
    {
        _now = (_time.GetTimestamp(), meter.Bytes, meter.Lines);
        _samples.Enqueue(_now);
        while (_samples.Count > 2 && _time.GetElapsedTime(_samples.Peek().At, _now.At) > Window) _samples.Dequeue();
    }

    /// <summary>4,200,000 lines, 830,000/s, 3 s left.</summary>
    private string Figures()
    {
        (long at, long bytes, long lines) = _samples.Peek();
        double seconds = Math.Max(_time.GetElapsedTime(at, _now.At).TotalSeconds, 0.001);
        string rate = Whole((_now.Lines - lines) / seconds);
        string count = Whole(_now.Lines);
        string left = "";
        double bytesPerSecond = (_now.Bytes - bytes) / seconds;
        if (meter.BytesTotal is { } total && total > _now.Bytes && bytesPerSecond > 0)
        {
            left = LeftOf((total - _now.Bytes) / bytesPerSecond);
        }

        return screen.Lang.Say($"{Lang.Lines(count)}, {rate}/s{left}", $"{count} 行，每秒 {rate} 行{left}");
    }

    private string LeftOf(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(Math.Ceiling(seconds), TimeSpan.FromDays(9).TotalSeconds));
        string text = time < TimeSpan.FromMinutes(1)
            ? screen.Lang.Say($"{time.TotalSeconds:0} s", $"{time.TotalSeconds:0} 秒")
            : time.ToString(time < TimeSpan.FromHours(1) ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
        return screen.Lang.Say($", {text} left", $"，还需 {text}");
    }

    private static string Whole(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private sealed class Column(FileProgressView view) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(view.Figures());
    }
}
