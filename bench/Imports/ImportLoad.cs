using System.Security.Cryptography;
using NumberLedger.Grains;

namespace NumberLedger.Bench;

/// <summary>Disconnects of one carrier, one of each number, in chunks as a file is read.</summary>
internal sealed class ImportLoad(NumberBlock[] blocks, BulkRow[][] chunks)
{
    private const string Carrier = "carrier-1";
    private const int NumbersPerBlock = 2_000;
    private const int ChunkRows = 65_536;

    public int Events => chunks.Sum(chunk => chunk.Length);

    public static ImportLoad Of(int events, bool shuffled)
    {
        var blocks = new NumberBlock[(events + NumbersPerBlock - 1) / NumbersPerBlock];
        var rows = new BulkRow[events];
        for (int i = 0; i < events; i++)
        {
            var block = blocks[i / NumbersPerBlock] = new NumberBlock(861_380_000 + (i / NumbersPerBlock));
            block.TryNumberAt(i % NumbersPerBlock * 5, out PhoneNumber number);
            var on = new DateOnly(2026, 1, 1 + (i % 28));
            rows[i] = new BulkRow(number, new LedgerEvent.CarrierReport(
                CarrierEventKind.Disconnected, Carrier, $"rnd-{on:yyyy-MM-dd}", on, null, null));
        }

        if (shuffled) new Random(1).Shuffle(rows);
        return new ImportLoad(blocks, [.. rows.Chunk(ChunkRows)]);
    }

    /// <summary>Makes the carrier's range in every block.</summary>
    public async Task CoverAsync(ILedgerStore store, Sealer sealer)
    {
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        var range = new EntryContent(
            at, EntryContent.NoOffset, new LedgerEvent.RangeSet(Carrier, 0, 9, new DateOnly(2020, 1, 1)));
        await Task.WhenAll(blocks.Select(block =>
        {
            Pseudonym own = sealer.TagOf(block);
            NewEntry entry = sealer.Next(
                block, own, 0, Chain.Start(block, own), range, null,
                RandomNumberGenerator.GetBytes(EntrySealer.RandomBytes));
            return store.AppendAsync(new Append(block, [new(own, 0)], [entry], at), default);
        }));
    }

    public async Task RunAsync(IBulkWriter bulk, CommandOutcome expected)
    {
        foreach (BulkRow[] chunk in chunks)
        {
            BulkReply[] replies = await bulk.WriteAsync(chunk, dryRun: false, default);
            if (!Array.TrueForAll(replies, reply => reply.Outcome == expected))
            {
                throw new InvalidOperationException("A row was judged otherwise.");
            }
        }
    }
}
