using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// A check and a refusal of every block, by way of every node, five times a second, whether those before them are
/// answered or not: how long a part of the ledger was not served.
/// </summary>
internal sealed class Pulse(Cluster cluster, int blocks)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>What takes longer is not served, though it was answered in the end.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentQueue<Beat> _beats = new();
    private readonly ConcurrentDictionary<int, int> _refused = [];
    private readonly int[] _numbers = new int[blocks];
    private volatile bool _isOver;

    /// <summary>Nobody asks this one: a load balancer would not.</summary>
    public int? Left { private get; set; }

    public Task CoverAsync() => cluster.CoverAsync(TextOf(0, 0), TextOf(blocks - 1, 9_999));

    public async Task RunAsync()
    {
        var under = new List<Task>();
        using var timer = new PeriodicTimer(Period);
        while (!_isOver && await timer.WaitForNextTickAsync())
        {
            foreach (int node in Enumerable.Range(0, cluster.Nodes).Where(node => node != Left))
            {
                for (int block = 0; block < blocks; block++)
                {
                    under.Add(CheckAsync(node, block));
                    under.Add(RefuseAsync(node, block));
                }
            }

            under.RemoveAll(static task => task.IsCompletedSuccessfully);
        }

        await Task.WhenAll(under);
    }

    public void Stop() => _isOver = true;

    /// <summary>Each block stands at least where the refusals that were acknowledged have brought it.</summary>
    public async Task<string[]> LostAsync()
    {
        var lost = new List<string>();
        for (int block = 0; block < blocks; block++)
        {
            JsonNode? said = await cluster.Wire.MustAsync(
                block % cluster.Nodes, HttpMethod.Post, "/v1/checks", cluster.Lender, Asked(block));
            long position = said!["asOf"]!["position"]!.GetValue<long>();
            int refused = _refused.GetValueOrDefault(block);
            if (position < refused) lost.Add($"Block {block} is at {position} after {refused} acknowledged refusals.");
        }

        return [.. lost];
    }

    /// <param name="left">The node that broke; what it was asked is not counted.</param>
    /// <param name="broken">Ticks.</param>
    /// <param name="mended">Ticks.</param>
    public Recovery RecoveryOf(int? left, long broken, long mended)
    {
        Beat[] since = [.. _beats.Where(beat => beat.Returned >= broken && beat.Node != left)];
        // A node that comes back is another event.
        Beat[] counted = left is null ? since : [.. since.Where(beat => beat.Invoked <= mended)];
        Beat[] checks = [.. counted.Where(beat => !beat.IsWrite)];
        double[] took =
        [
            .. checks.Where(beat => beat.Invoked <= mended).Select(beat => beat.Took.TotalMilliseconds).Order(),
        ];
        return new(
            Unserved(checks, broken), Unserved(counted.Where(beat => beat.IsWrite), broken), Unserved(since, mended),
            took.Length == 0 ? 0 : took[(int)(took.Length * 0.99)]);
    }

    /// <summary>Seconds from an instant until the end of the last that was not answered, or late.</summary>
    private static double Unserved(IEnumerable<Beat> beats, long since) => beats
        .Where(beat => !beat.IsAnswered || beat.Took > Slow)
        .Select(beat => Math.Max(0, (beat.Returned - since) / (double)Stopwatch.Frequency)).DefaultIfEmpty(0).Max();

    private async Task CheckAsync(int node, int block)
    {
        long invoked = Stopwatch.GetTimestamp();
        (int status, _) = await cluster.Wire.AskAsync(
            node, HttpMethod.Post, "/v1/checks", cluster.Lender, Asked(block));
        _beats.Enqueue(new(node, IsWrite: false, status == 200, invoked, Stopwatch.GetTimestamp()));
    }

    private async Task RefuseAsync(int node, int block)
    {
        string number = TextOf(block, Interlocked.Increment(ref _numbers[block]) % 10_000);
        long invoked = Stopwatch.GetTimestamp();
        (int status, _) = await cluster.Wire.AskAsync(
            node, HttpMethod.Post, "/v1/opt-outs", cluster.Operator, new JsonObject
            {
                ["number"] = number,
                ["scope"] = "everyone",
                ["receivedAt"] = "2025-06-01T10:00:00+08:00",
            });
        if (status == 201) _refused.AddOrUpdate(block, 1, static (_, count) => count + 1);
        _beats.Enqueue(new(node, IsWrite: true, status == 201, invoked, Stopwatch.GetTimestamp()));
    }

    private static JsonObject Asked(int block) => new() { ["number"] = TextOf(block, 0), ["purpose"] = "marketing" };

    private static string TextOf(int block, int offset) => $"+861380{2_000 + block:0000}{offset:0000}";

    private readonly record struct Beat(int Node, bool IsWrite, bool IsAnswered, long Invoked, long Returned)
    {
        public TimeSpan Took => Stopwatch.GetElapsedTime(Invoked, Returned);
    }
}
