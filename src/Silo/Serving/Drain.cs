using NumberLedger.Grains;

namespace NumberLedger.Silo;

/// <summary>
/// Between the signal to stop and the stop: still served, no longer ready, so that who sends traffic sends it
/// elsewhere.
/// </summary>
/// <param name="duration">As long as a load balancer takes to notice. Zero: nobody else serves in the meantime.</param>
internal sealed class Drain(TimeSpan duration) : IReadiness, IHostedLifecycleService
{
    private volatile bool _isDraining;

    public string? WhyNotReady => _isDraining ? "The process is about to stop." : null;

    /// <summary>Answers end their connections, so that clients which keep theirs find another process too.</summary>
    public Task EndConnectionAsync(HttpContext http, RequestDelegate next)
    {
        if (_isDraining) http.Response.Headers.Connection = "close";
        return next(http);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        // Who has no more patience has it stop at once.
        await Task.Delay(duration, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
