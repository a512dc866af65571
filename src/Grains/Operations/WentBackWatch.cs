using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NumberLedger.Grains;

/// <summary>
/// In a cluster, has every process hear within a second or two that another one found that the store went back.
/// </summary>
/// <remarks>
/// Only who had read what is gone can notice; the others would answer from what is left. So who notices leaves a state
/// in the store, and the others look for such. One that was there when a process started is none of its business: to
/// start a process anew is an operator's decision.
/// </remarks>
internal sealed partial class WentBackWatch(IStateStore states, LedgerHealth health, ILogger<WentBackWatch> logger)
    : BackgroundService
{
    private const string Prefix = "went_back.";
    private const int NameSize = 16;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly string _name = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameSize));
    private HashSet<string>? _before;
    private bool _isTold;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryLookAsync(cancellationToken);
        _before ??= []; // What was left meanwhile is heeded, and more than that: rather no answer than a wrong one.
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(BetweenLooks, stoppingToken);
            await TryLookAsync(stoppingToken);
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Then nobody answers from it either.
        }
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        if (health.WhyNotReady is null)
        {
            string[] told = [.. (await states.ListAsync(Prefix, cancellationToken)).Select(state => state.Name)];
            _before ??= [.. told];
            if (!told.Any(name => !_before.Contains(name))) return;

            Log.Heard(logger);
            health.WentBackElsewhere();
            _isTold = true; // By whom it was noticed.
        }
        else if (!_isTold)
        {
            await states.SaveAsync(_name, default, expected: null, cancellationToken);
            _isTold = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1907, LogLevel.Critical,
            "Another process found that the store lost entries which it had read. Nothing is answered until a restart.")]
        public static partial void Heard(ILogger logger);
    }
}
