namespace NumberLedger.Grains;

/// <summary>The registry in this process: validated against its head for every request, caught up when behind.</summary>
internal sealed class RegistryReplica(ILedgerStore store, StoreCalls calls, HeadReader heads, Sealer sealer)
    : IRegistryReader, IDisposable
{
    private const int PageEntries = 10_000;

    private readonly SemaphoreSlim _catchingUp = new(1);
    private volatile RegistryState _state = Start(sealer);

    /// <summary>As last read, not validated: for advisories only.</summary>
    public RegistryState Latest => _state;

    public async ValueTask<RegistryState> ReadAsync(CancellationToken cancellationToken)
    {
        RegistryState before = _state;
        BlockHead head = await heads.ReadAsync(NumberBlock.Registry);
        if (IsAt(before, head)) return before;
        if (head.Position <= before.Position)
        {
            _state = Start(sealer);
            throw new LedgerUnavailableException("The store went back behind what the registry had read.");
        }

        await _catchingUp.WaitAsync(cancellationToken);
        try
        {
            if (_state.Position < head.Position) _state = await CatchUpAsync(_state, cancellationToken);
            RegistryState state = _state;
            return state.Position > head.Position || IsAt(state, head)
                ? state
                : throw new LedgerUnavailableException("The registry's entries do not reach its head.");
        }
        catch (BrokenLedgerException broken)
        {
            throw calls.Damaged(broken);
        }
        finally
        {
            _catchingUp.Release();
        }
    }

    public void Dispose() => _catchingUp.Dispose();

    private static RegistryState Start(Sealer sealer) => RegistryState.Start(sealer.TagOf(NumberBlock.Registry));

    private static bool IsAt(RegistryState state, BlockHead head) =>
        head.Position == state.Position && (head.Position == 0 || head.Hash == state.Hash);

    private async Task<RegistryState> CatchUpAsync(RegistryState state, CancellationToken cancellationToken)
    {
        while (true)
        {
            long after = state.Position;
            IReadOnlyList<StoredEntry> page = await calls.ReadAsync(
                token => store.ReadBlockAsync(NumberBlock.Registry, after, PageEntries, token), cancellationToken);
            BlockFold.VerifyPositions(NumberBlock.Registry, page, after);
            foreach (StoredEntry stored in page)
            {
                EntryReader.VerifyFollows(NumberBlock.Registry, stored, state.Position, state.Hash);
                state = state.Apply(sealer.Read(NumberBlock.Registry, stored));
            }

            if (page.Count < PageEntries) return state;
        }
    }
}
