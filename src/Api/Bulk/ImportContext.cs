using Microsoft.Extensions.Logging;
using NumberLedger.Grains;

namespace NumberLedger.Api;

/// <summary>What a file that writes needs of the ledger.</summary>
internal sealed partial class ImportContext(
    IBulkWriter bulk, IGrainFactory grains, IRegistryReader registry, TimeProvider time, ILogger<ImportContext> logger)
{
    public IBulkWriter Bulk => bulk;

    /// <summary>Settable, so that a test can pass it.</summary>
    public long RowsMax { get; init; } = Limits.FileRowsMax;

    public DateOnly TodayUtc => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The key is still live.</summary>
    public async ValueTask<bool> MayGoOnAsync(FileOrder order, CancellationToken cancellationToken) =>
        (await registry.ReadAsync(cancellationToken)).LiveKey(order.KeyId) is not null;

    public ValueTask<RegistryState> ReadRegistryAsync(CancellationToken cancellationToken) =>
        registry.ReadAsync(cancellationToken);

    /// <summary>Not cancelled with the caller: what was begun is finished.</summary>
    /// <exception cref="LedgerUnavailableException">Whether it is recorded is unknown.</exception>
    public async Task<BulkReply> ReportFeedAsync(LedgerEvent.FeedReported feed)
    {
        try
        {
            CommandReply reply = await grains.Registry().ReportFeedAsync(
                new RegistryCommand<LedgerEvent.FeedReported>(feed, null), CancellationToken.None);
            return new BulkReply(reply.Outcome, reply.Refusal);
        }
        catch (Exception away) when (away is TimeoutException or OrleansException)
        {
            Log.NotInTime(logger, away.GetType().Name);
            throw new LedgerUnavailableException("The registry did not answer.");
        }
    }

    /// <summary>Under event ids that follow from range and day: said again, it is a duplicate.</summary>
    /// <returns>Why one of the feeds was refused; null if all are complete.</returns>
    public async Task<Refusal?> CompleteFeedsAsync(string carrier, DateOnly day, CancellationToken cancellationToken)
    {
        RegistryState state = await registry.ReadAsync(cancellationToken);
        foreach (LedgerEvent.RangeListed range in state.Ranges.Where(range => range.Carrier == carrier))
        {
            string thousands = $"{range.From.Digits / 1_000}-{range.To.Digits / 1_000}";
            var feed = new LedgerEvent.FeedReported(
                carrier, $"complete-{day:yyyy-MM-dd}-{thousands}", range.From, range.To, day);
            if ((await ReportFeedAsync(feed)).Refusal is { } refusal) return refusal;
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1804, LogLevel.Error, "The report of a feed ended without an answer: {Cause}.")]
        public static partial void NotInTime(ILogger logger, string cause);
    }
}
