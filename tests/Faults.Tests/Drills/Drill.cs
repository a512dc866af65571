using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// Carriers, lenders and operators write to a ledger at once, while others ask it; its process ends, and starts again.
/// </summary>
internal sealed class Drill : IDisposable
{
    private const int Askers = 2;
    private const int ChecksMax = 10;

    private readonly Random _random;
    private readonly Book _book = new();
    private readonly Func<Random, Errand?>[] _writers;
    private readonly ConcurrentQueue<Errand> _unanswered = new();

    public Drill(int seed)
    {
        _random = new Random(seed);
        _writers =
        [
            _book.BindNew, _book.BindNew, _book.Report, _book.Report, _book.OptOut, _book.OptOut,
            random => random.Next(2) == 0 ? _book.Release(random) : _book.Renew(random),
        ];
    }

    public DataFolder Folder { get; } = new();

    public static async Task CoverAsync(Parties parties) => await parties.Operator.PostAsync(
        "/v1/ranges", new JsonObject
        {
            ["carrier"] = "demo-carrier",
            ["from"] = Book.From,
            ["to"] = Book.To,
            ["trackedSince"] = "2020-01-01",
        });

    /// <summary>
    /// Everybody writes and asks until so many writes were answered; then the process is made to end.
    /// </summary>
    public async Task RunAsync(Parties parties, int answers, Action end) =>
        Assert.True(await TryRunAsync(parties, answers, end), "The process ended by itself.");

    /// <returns>False: before that, nobody was answered any more.</returns>
    public async Task<bool> TryRunAsync(Parties parties, int answers, Action end)
    {
        using var over = new CancellationTokenSource();
        int left = answers;
        Func<Random, Task>[] everybody =
        [
            .. _writers.Select(next => (Func<Random, Task>)(random => WriteAsync(random, next))),
            .. Enumerable.Repeat<Func<Random, Task>>(AskAsync, Askers),
        ];
        await Task.WhenAll(everybody.Select(one => UntilOverAsync(one, new Random(_random.Next()))));
        return left <= 0;

        async Task UntilOverAsync(Func<Random, Task> run, Random random)
        {
            try
            {
                await run(random);
            }
            catch
            {
                await over.CancelAsync(); // Whoever finds a fault stops all others.
                throw;
            }
        }

        async Task WriteAsync(Random random, Func<Random, Errand?> next)
        {
            while (!over.IsCancellationRequested)
            {
                Errand? errand = _unanswered.TryDequeue(out Errand? again) ? again : next(random);
                if (errand is null) continue;
                if (!await errand.TrySendAsync(parties))
                {
                    _unanswered.Enqueue(errand);
                    return;
                }

                if (Interlocked.Decrement(ref left) == 0)
                {
                    end();
                    await over.CancelAsync();
                }

                // What was just acknowledged is asked for at once; and now and then sent again all the same.
                await CheckAsync(parties, [.. errand.Items.Select(item => item.Line).Distinct()]);
                if (errand.IdempotencyKey is not null && random.Next(20) == 0) await errand.TrySendAsync(parties);
            }
        }

        async Task AskAsync(Random random)
        {
            while (!over.IsCancellationRequested)
            {
                Line[] lines = [.. Enumerable.Range(0, random.Next(1, ChecksMax)).Select(_ => _book.Any(random))];
                if (!await CheckAsync(parties, lines)) return;
            }
        }
    }

    /// <summary>Everything that is still without an answer is sent again, until it has one.</summary>
    public async Task SettleAsync(Parties parties)
    {
        while (_unanswered.TryDequeue(out Errand? errand))
        {
            Assert.True(await errand.TrySendAsync(parties), $"{errand.Path} was not answered by a ledger that serves.");
        }
    }

    /// <summary>
    /// Asks for every number, and compares the histories of those with news since the last time with what was answered.
    /// </summary>
    public async Task VerifyAsync(Parties parties)
    {
        Line[] lines = _book.Lines;
        Assert.True(await CheckAsync(parties, lines));
        await Parallel.ForEachAsync(lines.Where(line => line.TakeNews()), async (line, _) =>
            AssertAsAnswered(line, await ReadHistoryAsync(parties.Operator, line), static _ => true));
    }

    /// <summary>Compares all histories, as every party sees them, with what was answered.</summary>
    public async Task VerifyAllAsync(Parties parties)
    {
        Line[] lines = _book.Lines;
        Assert.True(await CheckAsync(parties, lines));
        await Parallel.ForEachAsync(lines, async (line, _) =>
        {
            AssertAsAnswered(line, await ReadHistoryAsync(parties.Operator, line), static _ => true);
            AssertAsAnswered(line, await ReadHistoryAsync(parties.Carrier, line), Marks.IsOfCarrier);
            AssertAsAnswered(line, await ReadHistoryAsync(parties.Lender, line), Marks.IsOfLender);
        });
    }

    public void Dispose() => Folder.Dispose();

    /// <returns>Whether an answer came.</returns>
    private static async Task<bool> CheckAsync(Parties parties, Line[] lines)
    {
        if (lines.Length == 0) return true;
        (bool IsBound, bool IsEnded)[] before = [.. lines.Select(line => (line.IsBound, line.IsEnded))];
        JsonNode[] checks =
        [
            .. lines.Select(line => new JsonObject { ["number"] = line.Text, ["purpose"] = "marketing" }),
        ];

        Answer? answer = await parties.Lender.TryPostAsync(
            "/v1/checks/batch", new JsonObject { ["checks"] = new JsonArray(checks) });

        if (answer is null or { Status: >= HttpStatusCode.InternalServerError }) return false;
        JsonNode results = answer.ReadJson()["results"]!;
        for (int i = 0; i < lines.Length; i++)
        {
            JsonNode result = results[i]!;
            bool allowed = result["verdict"]!.GetValue<string>() is "allow";
            if (allowed && before[i].IsEnded) Assert.Fail($"A wrong allow: {result} after {lines[i]}");
            bool mustAllow = before[i].IsBound && !lines[i].MayBeEnded;
            if (mustAllow && !allowed) Assert.Fail($"A binding is not known: {result} after {lines[i]}");
        }

        return true;
    }

    private static async Task<string[]> ReadHistoryAsync(LedgerClient party, Line line)
    {
        JsonNode answer = await party.PostAsync("/v1/numbers/history", new JsonObject { ["number"] = line.Text });
        return [.. answer["entries"]!.AsArray().Select(entry => Marks.Of(entry!))];
    }

    private static void AssertAsAnswered(Line line, string[] history, Func<string, bool> isVisible)
    {
        foreach ((string mark, Fate fate) in line.Sent.Where(sent => isVisible(sent.Key)))
        {
            int times = history.Count(one => one == mark);
            bool asAnswered = fate switch { Fate.Recorded => times == 1, Fate.Refused => times == 0, _ => times <= 1 };
            if (!asAnswered) Assert.Fail($"'{mark}' stands {times} times in the history of {line}");
        }

        string? unsent = history.FirstOrDefault(mark => !line.Sent.ContainsKey(mark));
        if (unsent is not null) Assert.Fail($"Nobody sent '{unsent}', which stands in the history of {line}");
    }
}
