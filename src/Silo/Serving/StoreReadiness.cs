using NumberLedger.Grains;

namespace NumberLedger.Silo;

/// <summary>A store that must not be believed serves nobody.</summary>
internal sealed class StoreReadiness(ILedgerStore store) : IReadiness
{
    public string? WhyNotReady => store.Degraded;
}
