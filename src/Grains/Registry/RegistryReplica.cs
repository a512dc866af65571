namespace NumberLedger.Grains;

/// <summary>
/// The registry in this process: validated against its head for every request, caught up when behind.
/// </summary>
internal sealed class RegistryReplica(
    ILedgerStore store, StoreCalls calls, HeadReader heads, LedgerHealth health, Sealer sealer)
    : IRegistryReader, IDisposable
{
    private const int PageEntries = 10_000;

    private readonly SemaphoreSlim _catchingUp = new(1);
    private volatile RegistryState _state = RegistryState.Start(sealer.TagOf(NumberBlock.Registry));

    /// <summary>As last read, not validated: for advisories only.</summary>
    public RegistryState Latest => _state;

    public KnownRegistry Known => new(_state, heads.Begun);

    public ValueTask<RegistryState> ReadSinceAsync(KnownRegistry known)
    {
        RegistryState state = _state;
        return heads.RegistrySince(known.Reads) is { } head && IsAt(state, head)
            ? new(state)
            : ReadAsync(CancellationToken.None);
    }

    public async ValueTask<RegistryState> ReadAsync(CancellationToken cancellationToken)
    {
        RegistryState before = _state;
        BlockHead head = await heads.ReadAsync(NumberBlock.Registry);
        if (IsAt(before, head)) return before;
        if (head.Position <= before.Position) throw health.WentBack(NumberBlock.Registry);

        await _catchingUp.WaitAsync(cancellationToken);
        try
        {
            if (_state.Position < head.Position) _state = await CatchUpAsync(_state, head.Position, cancellationToken);
            RegistryState state = _state;
            return state.Position > head.Position || IsAt(state, head)
                ? state
                : throw health.WentBack(NumberBlock.Registry);
        }
        finally
        {
            _catchingUp.Release();
        }
    }

    public void Dispose() => _catchingUp.Dispose();

    private static bool IsAt(RegistryState state, BlockHead head) =>
        head.Position == state.Position && (head.Position == 0 || head.Hash == state.Hash);

    private async Task<RegistryState> CatchUpAsync(
        RegistryState state, long through, CancellationToken cancellationToken)
    {
        while (state.Position < through)
        {
            long after = state.Position;
            int countMax = (int)Math.Min(PageEntries, through - after);
            IReadOnlyList<StoredEntry> page = await calls.ReadAsync(
                token => store.ReadBlockAsync(NumberBlock.Registry, after, countMax, token), cancellationToken);
            RegistryState before = state;
            state = calls.Opened(NumberBlock.Registry, () => Fold(before, page, through));
        }

        return state;
    }

    private RegistryState Fold(RegistryState state, IReadOnlyList<StoredEntry> page, long through)
    {
        BlockFold.VerifyPositions(NumberBlock.Registry, page, state.Position);
        if (page.Count == 0)
        {
            throw new BrokenLedgerException(NumberBlock.Registry, through, "entries end before the head.");
        }

        foreach (StoredEntry stored in page)
        {
            EntryReader.VerifyFollows(NumberBlock.Registry, stored, state.Position, state.Hash);
            state = state.Apply(sealer.Read(NumberBlock.Registry, stored));
        }

        return state;
    }
}
