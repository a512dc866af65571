using System.Diagnostics;

namespace NumberLedger.Bench;

/// <summary>Callers that append as fast as they are acknowledged.</summary>
internal sealed class AppendLoad
{
    private const int SealedBytes = 120;

    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Pseudonym OwnRecord = new(1);

    private readonly ILedgerStore _store;
    private readonly NumberBlock[] _blocks;
    private readonly byte[] _salt = new byte[Sealer.SaltSize];
    private readonly byte[] _sealed = new byte[SealedBytes];

    private AppendLoad(ILedgerStore store, int blocks)
    {
        _store = store;
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => new NumberBlock(861_300_000 + i))];
        Random.Shared.NextBytes(_sealed);
    }

    /// <summary>Gives every block a record of its own: its range.</summary>
    public static async Task<AppendLoad> PrepareAsync(ILedgerStore store, int blocks)
    {
        var load = new AppendLoad(store, blocks);
        foreach (NumberBlock[] some in load._blocks.Chunk(1_000))
        {
            await Task.WhenAll(some.Select(block => store.AppendAsync(
                new Append(block, [new(OwnRecord, 0)], [load.Entry(OwnRecord)], At), default)));
        }

        return load;
    }

    /// <returns>
    /// Entries acknowledged per second, and microseconds of processor time for each, callers included.
    /// </returns>
    public async Task<(double Rate, double Cpu)> RunAsync(int callers, int entries, TimeSpan time)
    {
        TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        long[] acknowledged = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            long count = 0;
            for (; clock.Elapsed < time; count += entries)
            {
                AppendResult result = await _store.AppendAsync(NextAppend(random, entries), default);
                if (result.Outcome != AppendOutcome.Appended) throw new InvalidOperationException($"{result.Outcome}");
            }

            return count;
        })));
        long sum = acknowledged.Sum();
        return (sum / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpuBefore).TotalMicroseconds / sum);
    }

    // Sorted by tag, as a bulk load sorts them.
    private Append NextAppend(Random random, int entries)
    {
        IEnumerable<NewEntry> drawn = Enumerable.Range(0, entries).Select(_ => Entry(new Pseudonym(RandomId())));
        NewEntry[] news = [.. drawn.OrderBy(entry => entry.Tag.Value)];
        ExpectedVersion[] expected = [new(OwnRecord, 1), .. news.Select(entry => new ExpectedVersion(entry.Tag, 0))];
        return new Append(_blocks[random.Next(_blocks.Length)], expected, news, At);
    }

    private NewEntry Entry(Pseudonym tag) =>
        new(tag, 1, _salt, _sealed, new Hash256(tag.Value, tag.Value), new CommandId(RandomId()));

    private static UInt128 RandomId() =>
        new((ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue), (ulong)Random.Shared.NextInt64());
}
