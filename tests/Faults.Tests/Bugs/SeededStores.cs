using NumberLedger.Testing;

namespace NumberLedger.Faults.Tests;

/// <summary>Says that it is stored while it is on its way.</summary>
internal sealed class PromisingStore(ILedgerStore store) : WrappedStore(store)
{
    private readonly ILedgerStore _store = store;

    public override async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        if (append.Block == NumberBlock.Registry) return await _store.AppendAsync(append, cancellationToken);

        BlockHead head = (await _store.ReadHeadsAsync([append.Block], cancellationToken))[0];
        _ = Task.Run(
            async () =>
            {
                await Task.Delay(50, CancellationToken.None);
                await _store.AppendAsync(append, CancellationToken.None);
            },
            CancellationToken.None);
        return new(AppendOutcome.Appended, head);
    }
}

/// <summary>Whether the versions were the expected ones is all the same to it.</summary>
internal sealed class ForcingStore(ILedgerStore store) : WrappedStore(store)
{
    public override async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken) =>
        await base.AppendAsync(append, cancellationToken) with { Outcome = AppendOutcome.Appended };
}

/// <summary>Keeps no command ids.</summary>
internal sealed class CommandlessStore(ILedgerStore store) : WrappedStore(store)
{
    public override Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken) =>
        base.AppendAsync(
            append with { Entries = [.. append.Entries.Select(entry => entry with { Command = null })] },
            cancellationToken);
}

internal sealed class NoClaims : IClaimStore
{
    public Task<Claim> ClaimAsync(Claim claim, CancellationToken cancellationToken) => Task.FromResult(claim);

    public Task AnswerAsync(UInt128 id, ClaimAnswer answer, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A store behind a bad network: what was asked for is done, and now and then nobody hears of it.</summary>
internal sealed class AnswerLosingStore(ILedgerStore store) : WrappedStore(store)
{
    private const int LostEvery = 9;

    private int _appends;

    public override async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        AppendResult result = await base.AppendAsync(append, cancellationToken);
        return append.Block != NumberBlock.Registry && Interlocked.Increment(ref _appends) % LostEvery == 0
            ? throw new StoreUnavailableException("The answer was lost.")
            : result;
    }
}
