using Microsoft.Extensions.Logging;
using Polly;
using Polly.Timeout;

namespace NumberLedger.Grains;

/// <summary>Calls to the store, each with a deadline of its own, and failures in words that every silo can read.</summary>
/// <remarks>Deadlines are below the callers': an answer of "unavailable" in time is better than none.</remarks>
internal sealed partial class StoreCalls(ILogger<StoreCalls> logger)
{
    /// <summary>A check without a head by then is a 503, never an answer from memory.</summary>
    public static readonly TimeSpan HeadDeadline = TimeSpan.FromMilliseconds(250);

    public static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Past it the outcome is unknown. Longer than the slowest sync of a healthy disk.</summary>
    public static readonly TimeSpan AppendDeadline = TimeSpan.FromSeconds(10);

    private readonly ResiliencePipeline _heads = new ResiliencePipelineBuilder().AddTimeout(HeadDeadline).Build();
    private readonly ResiliencePipeline _reads = new ResiliencePipelineBuilder().AddTimeout(ReadDeadline).Build();
    private readonly ResiliencePipeline _appends = new ResiliencePipelineBuilder().AddTimeout(AppendDeadline).Build();

    public ValueTask<T> HeadsAsync<T>(Func<CancellationToken, ValueTask<T>> call) =>
        CallAsync(_heads, call, CancellationToken.None);

    public ValueTask<T> ReadAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        CallAsync(_reads, token => new ValueTask<T>(call(token)), cancellationToken);

    /// <summary>Not cancelled with the caller: the write goes on, and its outcome is worth knowing.</summary>
    /// <exception cref="LedgerUnavailableException">The outcome is unknown.</exception>
    public ValueTask<T> WriteAsync<T>(Func<CancellationToken, Task<T>> call) =>
        CallAsync(_appends, token => new ValueTask<T>(call(token)), CancellationToken.None);

    /// <summary>The exception for bytes that are not what was written: loud here, plain for the caller.</summary>
    public LedgerUnavailableException Damaged(BrokenLedgerException broken)
    {
        Log.LedgerBroken(logger, broken);
        return new LedgerUnavailableException("The ledger found damage and answers nothing about this block. Run fsck.");
    }

    private async ValueTask<T> CallAsync<T>(
        ResiliencePipeline pipeline, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(static (call, token) => call(token), call, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException unavailable)
        {
            Log.StoreUnavailable(logger, unavailable);
            throw new LedgerUnavailableException(unavailable.Message);
        }
        catch (TimeoutRejectedException late)
        {
            Log.StoreUnavailable(logger, late);
            throw new LedgerUnavailableException("The store did not answer in time.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1901, LogLevel.Warning, "The store cannot be used now.")]
        public static partial void StoreUnavailable(ILogger logger, Exception cause);

        [LoggerMessage(1902, LogLevel.Critical, "Stored bytes are not what was written. Nothing is answered about the block; run fsck.")]
        public static partial void LedgerBroken(ILogger logger, Exception broken);
    }
}
