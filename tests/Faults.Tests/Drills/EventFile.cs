using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace NumberLedger.Faults.Tests;

/// <summary>A carrier's file: disconnects of many numbers, some of them reassigned further down.</summary>
internal sealed class EventFile
{
    private const int NumbersPerBlock = 2_000;
    private const long FirstBlock = 861_390_000;

    private readonly byte[] _bytes;

    public EventFile(int events)
    {
        Events = events;
        int numbers = events - (events / 10);
        Blocks = (numbers + NumbersPerBlock - 1) / NumbersPerBlock;
        var lines = new StringBuilder();
        for (int i = 0; i < events; i++)
        {
            bool isAgain = i >= numbers;
            int number = isAgain ? (i - numbers) * 9 : i;
            long digits = ((FirstBlock + (number / NumbersPerBlock)) * 10_000) + (number % NumbersPerBlock * 5);
            string kind = isAgain ? "reassigned" : "disconnected";
            string day = isAgain ? "2026-06-01" : "2026-03-01";
            lines.Append(CultureInfo.InvariantCulture,
                $"{{\"eventId\":\"e{i}\",\"kind\":\"{kind}\",\"number\":\"+{digits}\",\"effectiveOn\":\"{day}\"}}\n");
        }

        _bytes = Encoding.ASCII.GetBytes(lines.ToString());
    }

    public int Events { get; }

    public int Blocks { get; }

    public static string From => $"+{FirstBlock}0000";

    public string To => $"+{FirstBlock + Blocks - 1}9999";

    /// <summary>Some of the numbers that it reports on.</summary>
    public string[] Some(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"+{((FirstBlock + (i % Blocks)) * 10_000) + (i / Blocks * 5)}")),
    ];

    public HttpContent Whole() => new Content(_bytes, _bytes.Length, static () => Task.CompletedTask);

    /// <summary>Once so much of it was taken, something happens to who takes it.</summary>
    public HttpContent Until(double part, Func<Task> happens) =>
        new Content(_bytes, (int)(part * _bytes.Length), happens);

    private sealed class Content : HttpContent
    {
        private const int PieceBytes = 16 * 1024;

        private readonly byte[] _bytes;
        private readonly int _until;
        private readonly Func<Task> _happens;

        public Content(byte[] bytes, int until, Func<Task> happens)
        {
            (_bytes, _until, _happens) = (bytes, until, happens);
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            bool happened = false;
            for (int at = 0; at < _bytes.Length; at += PieceBytes)
            {
                await stream.WriteAsync(_bytes.AsMemory(at, Math.Min(PieceBytes, _bytes.Length - at)));
                if (happened || at < _until) continue;

                happened = true;
                await _happens();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
