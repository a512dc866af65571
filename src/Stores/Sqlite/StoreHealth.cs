namespace NumberLedger.Stores;

/// <summary>Whether the store may be believed. Once it may not, only opening it again can change that.</summary>
internal sealed class StoreHealth
{
    private volatile string? _degraded;

    public string? Degraded => _degraded;

    /// <summary>The first reason stays: later ones tend to be its consequences.</summary>
    public void Degrade(string reason) => Interlocked.CompareExchange(ref _degraded, reason, null);

    public void ThrowIfDegraded()
    {
        if (_degraded is { } reason) throw new StoreUnavailableException(reason);
    }
}
