using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace NumberLedger.Grains;

/// <summary>Calls to grains whose silo has gone are made again; what cannot be reached is told in one way.</summary>
/// <remarks>
/// Made again only if the silo is gone: the directory gives the grain a new place as soon as the members agree that it
/// is. The call may have arrived all the same, so every command is one that may arrive twice: by its command id, or
/// because what it says is recorded already. A call that got no answer in time is not made again: its caller has waited
/// long enough.
/// </remarks>
internal sealed partial class UnreachableSilos(ILogger<UnreachableSilos> logger) : IOutgoingGrainCallFilter
{
    /// <summary>
    /// Together longer than the members take to agree that a silo is gone: docs/operating/cluster.md.
    /// </summary>
    private static readonly ResiliencePipeline Again = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
    {
        ShouldHandle = new PredicateBuilder()
            .Handle<SiloUnavailableException>().Handle<OrleansMessageRejectionException>(),
        MaxRetryAttempts = 14,
        Delay = TimeSpan.FromMilliseconds(50),
        MaxDelay = TimeSpan.FromMilliseconds(500),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
    }).Build();

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        // Orleans' own, to its directory: made again by Orleans, to where the directory has moved meanwhile.
        if (context.InterfaceName.StartsWith("Orleans.", StringComparison.Ordinal))
        {
            await context.Invoke();
            return;
        }

        try
        {
            await Again.ExecuteAsync(static async (call, _) => await call.Invoke(), context, CancellationToken.None);
        }
        catch (Exception unreachable) when (unreachable is OrleansException or TimeoutException)
        {
            Log.Unreachable(logger, context.InterfaceName, context.MethodName, unreachable.GetType().Name);
            throw new SiloUnreachableException();
        }
    }

    private static partial class Log
    {
        // Without the exception: its text has the grain's key, which is a number's pseudonym.
        [LoggerMessage(1908, LogLevel.Warning, "A call of {Interface}.{Method} found no silo: {What}.")]
        public static partial void Unreachable(ILogger logger, string @interface, string method, string what);
    }
}
