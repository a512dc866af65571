using System.Security.Cryptography;
using NumberLedger.Grains;

namespace NumberLedger.Bench;

/// <summary>Disconnects of one carrier, one of each number, in chunks as a file is read.</summary>
/// <param name="order">Of the events: number after number, or shuffled.</param>
internal sealed class ImportLoad(int[] order)
{
    private const string Carrier = "carrier-1";
    private const int NumbersPerBlock = 2_000;
    private const int ChunkRows = 524_288;
    private const long FirstBlock = 861_380_000;

    public int Events => order.Length;

    public static ImportLoad Of(int events, bool shuffled)
    {
        int[] order = [.. Enumerable.Range(0, events)];
        if (shuffled) new Random(1).Shuffle(order);
        return new ImportLoad(order);
    }

    /// <summary>Makes the carrier's range in every block.</summary>
    public async Task CoverAsync(ILedgerStore store, Sealer sealer)
    {
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        var range = new EntryContent(
            at, EntryContent.NoOffset, new LedgerEvent.RangeSet(Carrier, 0, 9, new DateOnly(2020, 1, 1)));
        int blocks = (Events + NumbersPerBlock - 1) / NumbersPerBlock;
        await Task.WhenAll(Enumerable.Range(0, blocks).Select(index =>
        {
            var block = new NumberBlock(FirstBlock + index);
            Pseudonym own = sealer.TagOf(block);
            NewEntry entry = sealer.Next(
                block, own, 0, Chain.Start(block, own), range, null,
                RandomNumberGenerator.GetBytes(EntrySealer.RandomBytes));
            return store.AppendAsync(new Append(block, [new(own, 0)], [entry], at), default);
        }));
    }

    public async Task RunAsync(IBulkWriter bulk, CommandOutcome expected)
    {
        foreach (int[] chunk in order.Chunk(ChunkRows))
        {
            BulkReply[] replies = await bulk.WriteAsync(new Rows(chunk), dryRun: false, default);
            if (!Array.TrueForAll(replies, reply => reply.Outcome == expected))
            {
                throw new InvalidOperationException("A row was judged otherwise.");
            }
        }
    }

    private sealed class Rows(int[] events) : IBulkRows
    {
        public int Count => events.Length;

        public PhoneNumber NumberAt(int row)
        {
            (int block, int place) = Math.DivRem(events[row], NumbersPerBlock);
            new NumberBlock(FirstBlock + block).TryNumberAt(place * 5, out PhoneNumber number);
            return number;
        }

        public LedgerEvent SaidAt(int row)
        {
            var on = new DateOnly(2026, 1, 1 + (events[row] % 28));
            return new LedgerEvent.CarrierReport(
                CarrierEventKind.Disconnected, Carrier, $"rnd-{on:yyyy-MM-dd}", on, null, null);
        }
    }
}
