using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace NumberLedger.Faults.Tests;

/// <summary>
/// Lives of numbers, many at once, on all nodes: bound, by one lender or by two, asked, ended in two ways, one of them
/// perhaps by a file, and asked again, of every node and at once; and some who ask each node, without a pause, for what
/// has just ended.
/// </summary>
/// <param name="blocks">At most 1,000: the fewer, the more often a block is written to while it is asked.</param>
internal sealed class Traffic(Cluster cluster, History history, int seed, int blocks = 20)
{
    /// <summary>Of those whom two lenders bind, one lender's own end is none of the other's.</summary>
    private const int SharedEvery = 3;

    /// <summary>Of those that are read as an operator reads them, the ones that a lender reads too.</summary>
    private const int SeenEvery = 7;

    private static readonly (string First, string Then)[] Ends =
    [
        (Kinds.OptedOut, Kinds.Disconnected), (Kinds.OptedOut, Kinds.Released), (Kinds.Disconnected, Kinds.OptedOut),
        (Kinds.Released, Kinds.OptedOut),
    ];

    /// <summary>One would wait for a node that hangs, and for as long as it does.</summary>
    private const int AskersPerNode = 2;

    private static readonly TimeSpan BetweenAsked = TimeSpan.FromMilliseconds(5);

    /// <summary>The last ones; nobody may be told to send to them any more.</summary>
    private readonly int[] _justEnded = new int[32];
    private readonly ConcurrentBag<int> _ended = [];
    private readonly ConcurrentDictionary<Fact, Told> _told = [];
    private readonly ConcurrentQueue<string> _otherwise = [];
    private int _numbers;
    private int _endings;
    private volatile bool _isOver;
    private volatile bool _hasEnded;

    /// <summary>Some of what carriers report comes by file.</summary>
    public bool HasFiles { get; init; } = true;

    public int Acknowledged => _told.Count(one => one.Value.Outcome is Outcome.Yes);

    public Task CoverAsync() => cluster.CoverAsync(TextOf(0, 0), TextOf(blocks - 1, 9_999));

    /// <summary>Until it is told to stop; then every life under way is asked once more, and left.</summary>
    public async Task RunAsync(int workers)
    {
        Task askers = Task.WhenAll(Enumerable.Range(0, cluster.Nodes * AskersPerNode).Select(
            asker => AskAsync(asker % cluster.Nodes, new Random(seed - 1 - asker))));
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => LiveAsync(new Random(seed + worker))));
        _hasEnded = true;
        _isOver = true;
        await askers;
    }

    public void Stop() => _isOver = true;

    /// <summary>
    /// What no client could have been told by a sound ledger, and what does not stand in it as it was told. Whether
    /// entries follow each other without gaps is judged once nobody writes any more.
    /// </summary>
    public async Task<List<string>> FaultsAsync()
    {
        bool hasEnded = _hasEnded;
        Step[] steps = history.Steps;
        Dictionary<Fact, Told> told = _told.ToDictionary();
        int[] numbers = [.. told.Keys.Select(fact => fact.Number).Distinct()];
        int[] some = [.. numbers.Where(number => number % SeenEvery == 0)];
        List<Stood> seenByFirst = await ReadAsync(some, cluster.Lender);
        List<Stood> seenBySecond = await ReadAsync(some, cluster.SecondLender);
        List<Stood> standing = await ReadAsync(numbers, cluster.Operator);
        return
        [
            .. Judge.Faults(steps), .. _otherwise, .. StandingJudge.Untrue(told, standing),
            .. StandingJudge.Replayed(steps, standing), .. StandingJudge.Foreign(Lender.First, seenByFirst, standing),
            .. StandingJudge.Foreign(Lender.Second, seenBySecond, standing),
            .. StandingJudge.Untimely(told, standing),
            .. hasEnded ? StandingJudge.Misplaced(standing) : [],
        ];
    }

    private async Task LiveAsync(Random random)
    {
        while (!_isOver)
        {
            int number = Interlocked.Increment(ref _numbers) - 1;
            if (number >= blocks * 10_000) return;

            (string first, string then) = Ends[number % Ends.Length];
            bool isShared = number % SharedEvery == 0;
            if (!await TellAsync(new(number, Kinds.Bound, Lender.First), random)) return;
            await CheckAsync(number, Lender.First, random.Next(cluster.Nodes));
            await CheckAsync(number, Lender.Second, random.Next(cluster.Nodes));
            // These are under way while it ends: what they have begun to read is old when they have read it.
            Task early = CheckOnAllAsync(number);
            if (isShared && !await TellAsync(new(number, Kinds.Bound, Lender.Second), random)) return;
            if (!await TellAsync(EndOf(number, first), random)) return;

            Volatile.Write(ref _justEnded[Interlocked.Increment(ref _endings) % _justEnded.Length], number);
            await Task.WhenAll(
                CheckOnAllAsync(number), CheckAsync(number, Lender.Second, random.Next(cluster.Nodes)));
            if (!await TellAsync(EndOf(number, then), random)) return;
            await early;
            await CheckOnAllAsync(number);
            // Judged anew, it would be a consent from before the release.
            bool isReleased = first is Kinds.Released || then is Kinds.Released;
            if (isReleased && number % 3 == 0) await TellAgainAsync(new(number, Kinds.Bound, Lender.First), random);
            _ended.Add(number);
            if (_ended.TryTake(out int earlier))
            {
                Lender lender = random.Next(2) == 0 ? Lender.First : Lender.Second;
                await CheckAsync(earlier, lender, random.Next(cluster.Nodes));
                _ended.Add(earlier);
            }
        }
    }

    private async Task AskAsync(int node, Random random)
    {
        while (!_isOver)
        {
            int last = Math.Min(Volatile.Read(ref _endings), _justEnded.Length - 1);
            // The first place is taken last; until any is, there is nobody to ask for.
            if (last > 0) await CheckAsync(Volatile.Read(ref _justEnded[random.Next(1, last + 1)]), Lender.First, node);
            await Task.Delay(BetweenAsked);
        }
    }

    private static Fact EndOf(int number, string kind) => new(number, kind, kind switch
    {
        Kinds.Released => Lender.First,
        Kinds.OptedOut when number % 8 >= 4 => Lender.First,
        _ => Lender.Everyone,
    });

    /// <summary>Sent again and the same, also to other nodes, until it is answered.</summary>
    /// <returns>False: it was not, before all was over.</returns>
    private async Task<bool> TellAsync(Fact fact, Random random)
    {
        long sent = Stopwatch.GetTimestamp();
        _told[fact] = new(Outcome.Unknown, sent, long.MaxValue);
        var command = Command.Of(fact, TextOf(fact.Number), cluster, HasFiles);
        while (true)
        {
            int node = random.Next(cluster.Nodes);
            long invoked = Stopwatch.GetTimestamp();
            (Outcome outcome, string said) = await command.SendAsync(cluster.Wire, node);
            Note(fact.Number, fact.Kind is Kinds.Bound ? Act.Bind : Act.End, fact.Lender, outcome, invoked, 0, node);
            _told[fact] = new(outcome, sent, Stopwatch.GetTimestamp());
            if (outcome is Outcome.No) _otherwise.Enqueue($"{fact} was refused: {said}");
            if (outcome is not Outcome.Unknown) return true;

            if (_isOver) return false;
            await Task.Delay(random.Next(20, 100));
        }
    }

    /// <summary>What was acknowledged is acknowledged again, though by now it would be refused.</summary>
    private async Task TellAgainAsync(Fact fact, Random random)
    {
        var command = Command.Of(fact, TextOf(fact.Number), cluster, HasFiles);
        (Outcome outcome, string said) = await command.SendAsync(cluster.Wire, random.Next(cluster.Nodes));
        if (outcome is Outcome.No) _otherwise.Enqueue($"{fact}, sent again, was refused: {said}");
    }

    /// <summary>At once: the one that held it before it was cut off is among them.</summary>
    private Task CheckOnAllAsync(int number) => Task.WhenAll(
        Enumerable.Range(0, cluster.Nodes).Select(node => CheckAsync(number, Lender.First, node)));

    private async Task CheckAsync(int number, Lender lender, int node)
    {
        long invoked = Stopwatch.GetTimestamp();
        (int status, JsonNode? said) = await cluster.Wire.AskAsync(
            node, HttpMethod.Post, "/v1/checks", lender is Lender.First ? cluster.Lender : cluster.SecondLender,
            new JsonObject { ["number"] = TextOf(number), ["purpose"] = "marketing" });
        if (status != 200)
        {
            Assert.True(status is 0 or >= 500, $"A check was answered {status} {said}");
            Note(number, Act.Check, lender, Outcome.Unknown, invoked, 0, node);
            return;
        }

        Outcome outcome = said!["verdict"]!.GetValue<string>() is "allow" ? Outcome.Yes : Outcome.No;
        Note(number, Act.Check, lender, outcome, invoked, said["asOf"]!["position"]!.GetValue<long>(), node);
    }

    private void Note(int number, Act act, Lender lender, Outcome outcome, long invoked, long position, int node) =>
        history.Add(new(
            number, number % blocks, act, outcome, invoked, Stopwatch.GetTimestamp(), position, node, lender));

    /// <summary>What stands of these numbers, as far as the party with this key is shown it.</summary>
    private async Task<List<Stood>> ReadAsync(int[] numbers, string key)
    {
        var standing = new ConcurrentBag<Stood>();
        await Parallel.ForEachAsync(numbers, async (number, _) =>
        {
            JsonNode? said = await cluster.Wire.MustAsync(
                number % cluster.Nodes, HttpMethod.Post, "/v1/numbers/history", key,
                new JsonObject { ["number"] = TextOf(number) });
            foreach (JsonNode? entry in said!["entries"]!.AsArray())
            {
                Lender lender = entry!["lender"]?.GetValue<string>() switch
                {
                    null => Lender.Everyone,
                    Cluster.FirstLender => Lender.First,
                    _ => Lender.Second,
                };
                standing.Add(new(
                    new(number, entry["kind"]!.GetValue<string>(), lender), number % blocks,
                    entry["position"]!.GetValue<long>(), entry["recordedAt"]!.GetValue<DateTimeOffset>()));
            }
        });
        return [.. standing];
    }

    private string TextOf(int number) => TextOf(number % blocks, number / blocks);

    private static string TextOf(int block, int offset) => $"+861380{1_000 + block:0000}{offset:0000}";
}
