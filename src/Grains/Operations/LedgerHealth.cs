using Microsoft.Extensions.Logging;

namespace NumberLedger.Grains;

/// <summary>Remembers that the store went back: what is gone from it, nobody here can know any more.</summary>
/// <remarks>
/// A store that lost acknowledged entries (a restored copy, a failover to a copy that was behind) would answer the next
/// question as if they had never been. So whoever notices speaks for the whole process, until it is started again: a
/// start compares the store with its checkpoint, and is an operator's decision.
/// </remarks>
internal sealed partial class LedgerHealth(ILogger<LedgerHealth> logger) : IReadiness
{
    private const string Reason = "The store went back behind what had been read from it. Nothing is answered until the "
        + "store is whole again and the process is started anew. The log says more.";

    private volatile string? _wentBack;

    public string? WhyNotReady => _wentBack;

    /// <exception cref="LedgerUnavailableException">The store went back.</exception>
    public void ThrowIfWentBack()
    {
        if (_wentBack is { } reason) throw new LedgerUnavailableException(reason);
    }

    /// <param name="block">Where it was noticed.</param>
    public LedgerUnavailableException WentBack(NumberBlock block)
    {
        if (Interlocked.CompareExchange(ref _wentBack, Reason, null) is null) Log.WentBack(logger, block.Key);
        return new LedgerUnavailableException(Reason);
    }

    /// <summary>Another process of the cluster has noticed.</summary>
    public void WentBackElsewhere() => _wentBack = Reason;

    private static partial class Log
    {
        [LoggerMessage(1903, LogLevel.Critical,
            "The store lost entries that were read before, first seen in block {Block}. Nothing is answered until a "
            + "restart.")]
        public static partial void WentBack(ILogger logger, long block);
    }
}
