using NumberLedger.Stores;

namespace NumberLedger.Testing;

/// <summary>
/// The port in its plainest form, for tests alone. It passes the same contract as the drivers that last.
/// </summary>
/// <remarks>
/// One lock is the transaction. <see cref="FailNext"/> and <see cref="Degrade"/> play a store in trouble.
/// </remarks>
internal sealed class InMemoryLedgerStore : ILedgerStore, IClaimStore, ISnapshotStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<NumberBlock, List<StoredEntry>> _blocks = [];
    private readonly Dictionary<NumberBlock, DateTimeOffset> _recordedAt = [];
    private readonly Dictionary<UInt128, Claim> _claims = [];
    private readonly Dictionary<NumberBlock, StoredSnapshot> _snapshots = [];
    private readonly Queue<bool> _failures = [];

    public string? Degraded { get; private set; }

    public int EntriesMax { get; set; } = int.MaxValue;

    public void Degrade(string? reason) => Degraded = reason;

    /// <summary>The next append throws: after it was stored, or instead of it. The caller cannot know which.</summary>
    public void FailNext(bool stored) => _failures.Enqueue(stored);

    /// <summary>Deletes an entry's salt, as an erasure does.</summary>
    public void Erase(NumberBlock block, long position)
    {
        lock (_lock) _blocks[block][(int)position - 1] = _blocks[block][(int)position - 1] with { Salt = null };
    }

    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        AppendShape.Check(append);
        if (append.Entries.Count > EntriesMax) throw new ArgumentException("Too many entries.", nameof(append));
        lock (_lock)
        {
            ThrowIfDegraded();
            bool fails = _failures.TryDequeue(out bool stored);
            if (fails && !stored) throw new StoreUnavailableException("Failed before storing, as asked.");

            AppendResult result = Judge(append);
            return fails
                ? throw new StoreUnavailableException("Failed after storing, as asked.")
                : Task.FromResult(result);
        }
    }

    public ValueTask<BlockHead[]> ReadHeadsAsync(IReadOnlyList<NumberBlock> blocks, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ThrowIfDegraded();
            return ValueTask.FromResult(blocks.Select(HeadOf).ToArray());
        }
    }

    public Task<IReadOnlyList<StoredEntry>> ReadBlockAsync(
        NumberBlock block, long afterPosition, int countMax, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredEntry>>(
                [.. EntriesOf(block).Skip((int)afterPosition).Take(countMax)]);
        }
    }

    public Task<IReadOnlyList<StoredEntry>> ReadTagsAsync(
        NumberBlock block, IReadOnlyList<Pseudonym> tags, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredEntry>>(
                [.. tags.SelectMany(tag => EntriesOf(block).Where(entry => entry.Tag == tag))]);
        }
    }

    public Task<IReadOnlyList<NumberBlock>> ReadBlocksAsync(
        NumberBlock from, int countMax, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<NumberBlock>>(
                [.. _blocks.Keys.SkipWhile(block => block < from).Take(countMax)]);
        }
    }

    public Task<Claim> ClaimAsync(Claim claim, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _claims.TryAdd(claim.Id, claim);
            return Task.FromResult(_claims[claim.Id]);
        }
    }

    public Task AnswerAsync(UInt128 id, ClaimAnswer answer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_claims.TryGetValue(id, out Claim? claim) && claim.Answer is null)
            {
                _claims[id] = claim with { Answer = answer };
            }

            return Task.CompletedTask;
        }
    }

    public Task<SnapshotPage> ReadSnapshotsAsync(
        IReadOnlyList<NumberBlock> blocks, long bytesMax, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = new List<(NumberBlock, StoredSnapshot)>();
            int read = 0;
            for (long bytes = 0; read < blocks.Count && bytes < bytesMax; read++)
            {
                if (!_snapshots.TryGetValue(blocks[read], out StoredSnapshot? snapshot)) continue;

                found.Add((blocks[read], snapshot));
                bytes += snapshot.Sealed.Length;
            }

            return Task.FromResult(new SnapshotPage(found, read));
        }
    }

    public Task SaveSnapshotAsync(NumberBlock block, StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ThrowIfDegraded();
            StoredEntry? entry = EntriesOf(block).ElementAtOrDefault((int)snapshot.Position - 1);
            bool isLater = _snapshots.TryGetValue(block, out StoredSnapshot? stored)
                && stored.Position > snapshot.Position;
            if (entry?.Hash == snapshot.Hash && !isLater) _snapshots[block] = snapshot;
            return Task.CompletedTask;
        }
    }

    /// <summary>Goes around all rules, as damage or a faulty program does.</summary>
    public void PutSnapshot(NumberBlock block, StoredSnapshot? snapshot)
    {
        lock (_lock)
        {
            if (snapshot is null) _snapshots.Remove(block);
            else _snapshots[block] = snapshot;
        }
    }

    private AppendResult Judge(Append append)
    {
        if (append.Entries.Any(entry => entry.Command is not null && EntriesOf(append.Block).Any(
            stored => stored.Tag == entry.Tag && stored.Command == entry.Command)))
        {
            return new(AppendOutcome.Repeated, HeadOf(append.Block));
        }

        if (append.Expected.Any(
            expected => EntriesOf(append.Block).Count(stored => stored.Tag == expected.Tag) != expected.Version))
        {
            return new(AppendOutcome.Conflict, HeadOf(append.Block));
        }

        if (!_blocks.TryGetValue(append.Block, out List<StoredEntry>? entries)) _blocks[append.Block] = entries = [];
        foreach (NewEntry entry in append.Entries)
        {
            entries.Add(new StoredEntry(
                entries.Count + 1, entry.Tag, entry.Version, entry.Salt, entry.Sealed, entry.Hash, entry.Command));
        }

        var recordedAt = DateTimeOffset.FromUnixTimeMilliseconds(append.RecordedAt.ToUnixTimeMilliseconds());
        DateTimeOffset before = _recordedAt.GetValueOrDefault(append.Block);
        _recordedAt[append.Block] = recordedAt > before ? recordedAt : before;
        return new(AppendOutcome.Appended, HeadOf(append.Block));
    }

    private List<StoredEntry> EntriesOf(NumberBlock block) => _blocks.GetValueOrDefault(block, []);

    private BlockHead HeadOf(NumberBlock block) => EntriesOf(block) is [.., var last]
        ? new BlockHead(last.Position, last.Hash, _recordedAt[block])
        : default;

    private void ThrowIfDegraded()
    {
        if (Degraded is { } reason) throw new StoreUnavailableException(reason);
    }
}
