using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Grains;

/// <summary>
/// Calls to the store, each with a deadline of its own, and failures in words that every silo can read.
/// </summary>
/// <remarks>
/// A call is asked to stop at its deadline, and left behind if it does not: a hung disk takes no token. Whatever a
/// driver throws becomes <see cref="LedgerUnavailableException"/>, since another silo may not be able to read the
/// exception.
/// </remarks>
internal sealed partial class StoreCalls(
    ILedgerStore store, StoreDeadlines deadlines, LedgerHealth health, ILogger<StoreCalls> logger)
{
    private string? _toldReason;

    /// <summary>Not cancelled with a caller: others may wait for the same heads.</summary>
    public ValueTask<T> HeadsAsync<T>(Func<CancellationToken, ValueTask<T>> call)
    {
        health.ThrowIfWentBack();
        return CallAsync(deadlines.Head, call, CancellationToken.None);
    }

    /// <summary>
    /// Waits for an index that is behind; what is waited for goes on, since it is not this one's alone.
    /// </summary>
    /// <exception cref="StoreOutOfReachException">It takes longer.</exception>
    public async Task<T> InTimeAsync<T>(Task<T> pending)
    {
        try
        {
            return await pending.WaitAsync(deadlines.Follow);
        }
        catch (TimeoutException)
        {
            throw Late();
        }
    }

    /// <summary>For heads that the store has in memory: no deadline, since there is nothing to wait for.</summary>
    public BlockHead HeadInMemory(NumberBlock block)
    {
        health.ThrowIfWentBack();
        try
        {
            ValueTask<BlockHead[]> read = store.ReadHeadsAsync([block], CancellationToken.None);
            return read.IsCompleted ? read.Result[0] : throw new UnreachableException("The store had to wait for heads.");
        }
        catch (StoreUnavailableException unavailable)
        {
            throw Unavailable(unavailable);
        }
    }

    public ValueTask<T> ReadAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        CallAsync(deadlines.Read, token => new ValueTask<T>(call(token)), cancellationToken);

    /// <summary>Not cancelled with the caller: the write goes on, and its outcome is worth knowing.</summary>
    /// <exception cref="LedgerUnavailableException">The outcome is unknown.</exception>
    public ValueTask<T> WriteAsync<T>(Func<CancellationToken, Task<T>> call) => WriteAsync(deadlines.Write, call);

    /// <inheritdoc cref="WriteAsync{T}(Func{CancellationToken, Task{T}})"/>
    public ValueTask<T> WriteBulkAsync<T>(Func<CancellationToken, Task<T>> call) => WriteAsync(deadlines.Bulk, call);

    /// <summary>Makes sense of stored entries.</summary>
    /// <exception cref="LedgerUnavailableException">They are not what was written.</exception>
    public T Opened<T>(NumberBlock block, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (BrokenLedgerException broken)
        {
            throw Damaged(broken);
        }
        catch (Exception surprise)
        {
            // Entries that verify and yet cannot be folded: a release that does not know what it reads.
            throw Damaged(new BrokenLedgerException(block, 0, surprise.ToString()));
        }
    }

    /// <summary>The exception for a deadline that has passed.</summary>
    public static StoreOutOfReachException Late() => new("The store did not answer in time.");

    /// <summary>The exception for bytes that are not what was written: loud here, plain for the caller.</summary>
    public LedgerUnavailableException Damaged(BrokenLedgerException broken)
    {
        Log.LedgerBroken(logger, broken);
        return new LedgerUnavailableException(
            "The ledger found damage and answers nothing about this block. Run fsck.");
    }

    private ValueTask<T> WriteAsync<T>(TimeSpan deadline, Func<CancellationToken, Task<T>> call)
    {
        health.ThrowIfWentBack();
        return CallAsync(deadline, token => new ValueTask<T>(call(token)), CancellationToken.None);
    }

    private async ValueTask<T> CallAsync<T>(
        TimeSpan deadline, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(deadline);
        try
        {
            ValueTask<T> pending = call(late.Token);
            T answer = pending.IsCompleted
                ? await pending.ConfigureAwait(false)
                : await pending.AsTask().WaitAsync(late.Token).ConfigureAwait(false);
            _toldReason = null;
            return answer;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            Log.StoreLate(logger, deadline);
            throw Late();
        }
        catch (StoreUnavailableException unavailable)
        {
            throw Unavailable(unavailable);
        }
        catch (BrokenLedgerException broken)
        {
            throw Damaged(broken);
        }
        catch (Exception surprise)
        {
            Log.StoreSurprised(logger, surprise);
            throw new LedgerUnavailableException("The store failed.");
        }
    }

    /// <summary>
    /// The reason goes to the log alone, since it may name folders and blocks; once, since a store that must not be
    /// believed gives the same one to every call.
    /// </summary>
    private LedgerUnavailableException Unavailable(StoreUnavailableException cause)
    {
        if (Interlocked.Exchange(ref _toldReason, cause.Message) != cause.Message)
        {
            Log.StoreUnavailable(logger, cause.Message);
        }

        const string Told = "The store cannot be used now.";
        return store.Degraded is null ? new StoreOutOfReachException(Told) : new LedgerUnavailableException(Told);
    }

    private static partial class Log
    {
        [LoggerMessage(1901, LogLevel.Warning, "The store cannot be used now. {Cause}")]
        public static partial void StoreUnavailable(ILogger logger, string cause);

        [LoggerMessage(1902, LogLevel.Critical,
            "Stored bytes are not what was written. Nothing is answered about the block; run fsck.")]
        public static partial void LedgerBroken(ILogger logger, Exception broken);

        [LoggerMessage(1904, LogLevel.Warning, "The store did not answer within {Deadline}.")]
        public static partial void StoreLate(ILogger logger, TimeSpan deadline);

        [LoggerMessage(1905, LogLevel.Error, "The store failed in a way that its driver did not foresee.")]
        public static partial void StoreSurprised(ILogger logger, Exception surprise);
    }
}
