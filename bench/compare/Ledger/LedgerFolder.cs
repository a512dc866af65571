using System.Security.Cryptography;
using NumberLedger.Stores;

namespace NumberLedger.Bench.Compare;

/// <summary>
/// A data folder with a population in it, written straight through the store: sealed, chained, durable,
/// with a snapshot of each block.
/// </summary>
internal static class LedgerFolder
{
    public static async Task FillAsync(string folder, Population population)
    {
        Directory.CreateDirectory(folder);
        byte[] secret = RandomNumberGenerator.GetBytes(MasterKey.Size);
        await File.WriteAllTextAsync(Path.Combine(folder, "master.key"), Convert.ToHexStringLower(secret));
        var master = new MasterKey(secret);
        using var sealer = new Sealer(master);
        await using var store = SqliteLedgerStore.Open(folder, master);

        long unixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var now = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
        await Parallel.ForAsync(0, population.Blocks, async (block, cancellationToken) =>
        {
            var append = new BlockAppend(sealer, population, block, now);
            AppendResult result = await store.AppendAsync(append.Build(), cancellationToken);
            if (result.Outcome is not AppendOutcome.Appended) throw new InvalidOperationException($"{result.Outcome}");
            await store.SaveSnapshotAsync(
                Population.BlockAt(block), append.Snapshot(result.Head), cancellationToken);
        });
    }
}
