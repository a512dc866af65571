using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace NumberLedger.Silo;

/// <param name="Numbers">Numbers with entries.</param>
internal sealed record FsckReport(int Blocks, long Entries, long Numbers, IReadOnlyList<Finding> Findings);

/// <summary>Walks a whole store and compares everything that can be derived with what is stored.</summary>
/// <param name="now">The day on which the index is asked.</param>
internal sealed class Fsck(ILedgerInspection inspection, Sealer sealer, DateTimeOffset now)
{
    private const int BlocksPerPage = 1_000;

    private readonly ConcurrentBag<Finding> _findings = [];
    private int _blocks;
    private long _entries;
    private long _numbers;
    private long _opened;

    /// <summary>So far.</summary>
    public FsckReport Report => new(
        Volatile.Read(ref _blocks), Interlocked.Read(ref _entries), Interlocked.Read(ref _numbers),
        [
            .. Told().OrderBy(finding => finding.Block?.Key ?? -1).ThenBy(finding => finding.Position ?? 0)
                .ThenBy(finding => finding.Kind),
        ]);

    public async Task<FsckReport> RunAsync(CancellationToken cancellationToken)
    {
        if (inspection.Degraded is { } reason) Find(FindingKind.StoreDegraded, reason);
        try
        {
            foreach (string problem in await inspection.CheckDatabaseAsync(cancellationToken))
            {
                Find(FindingKind.DatabaseDamaged, $"the database's own check says: {problem}");
            }

            var options = new ParallelOptions { CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(ReadAsync(cancellationToken), options, (raw, _) =>
            {
                Judge(raw);
                return ValueTask.CompletedTask;
            });
        }
        catch (StoreUnavailableException unreadable)
        {
            Find(FindingKind.DatabaseDamaged, $"it cannot be read to its end. {unreadable.Message}");
        }

        return Report;
    }

    /// <summary>
    /// A key that opens nothing at all is one finding. Chains verify without it: where they do not, bytes are to blame.
    /// </summary>
    private IEnumerable<Finding> Told()
    {
        if (Interlocked.Read(ref _opened) > 0 || _findings.Any(finding => finding.Kind is FindingKind.BytesChanged))
        {
            return _findings;
        }

        Finding[] closed = [.. _findings.Where(finding => finding.Kind is FindingKind.DoesNotOpen)];
        return closed.Length == 0
            ? _findings
            : _findings.Except(closed).Append(new Finding(
                null, null, FindingKind.WrongKey,
                $"none of its {closed.Length} entries opens: the master key is another one."));
    }

    private async IAsyncEnumerable<RawBlock> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var from = new NumberBlock(long.MinValue);
        while (await inspection.ListBlocksAsync(from, BlocksPerPage, cancellationToken) is { Count: > 0 } blocks)
        {
            foreach (NumberBlock block in blocks)
            {
                yield return await inspection.ReadBlockAsync(block, cancellationToken);
            }

            if (blocks[^1].Key == long.MaxValue) yield break;
            from = new NumberBlock(blocks[^1].Key + 1);
        }
    }

    private void Judge(RawBlock raw)
    {
        BlockJudgement judged = BlockInspection.Judge(raw, sealer);
        (IReadOnlyList<Finding> findings, IReadOnlyList<StoredEntry> entries) = (judged.Findings, judged.Entries);
        Interlocked.Add(ref _opened, judged.Opened);
        if (findings.Count == 0)
        {
            findings = raw.Block == NumberBlock.Registry
                ? RegistryInspection.Judge(sealer, entries)
                : IndexInspection.Judge(raw.Block, sealer, entries, now);
        }

        // What the entries make must be known first, or else everything would be the snapshot's fault.
        if (findings.Count == 0) findings = SnapshotInspection.Judge(raw, sealer, entries);

        foreach (Finding finding in findings) _findings.Add(finding);
        Pseudonym own = sealer.TagOf(raw.Block);
        Interlocked.Add(ref _numbers, entries.Select(entry => entry.Tag).Distinct().Count(tag => tag != own));
        Interlocked.Add(ref _entries, raw.Entries.Count);
        Interlocked.Increment(ref _blocks);
    }

    private void Find(FindingKind kind, string problem) => _findings.Add(new Finding(null, null, kind, problem));
}
