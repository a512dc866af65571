using NumberLedger.Grains;

namespace NumberLedger.Silo;

/// <summary>A store that must not be believed serves nobody.</summary>
internal sealed class StoreReadiness(ILedgerStore store) : IReadiness
{
    public string? WhyNotReady => store.Degraded is null
        ? null
        : "The store must not be believed: it may have lost acknowledged entries, or its disk failed. The log says more.";
}
