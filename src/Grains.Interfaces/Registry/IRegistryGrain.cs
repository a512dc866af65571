namespace NumberLedger.Grains;

/// <summary>The single writer, by habit, of parties, keys, ranges and feeds. Key: 0.</summary>
/// <remarks>
/// As for <see cref="INumberGrain"/>, every method may throw <see cref="LedgerUnavailableException"/>: outcome unknown.
/// </remarks>
[GrainInterfaceType("registry"), Alias("registry")]
public interface IRegistryGrain : IGrainWithIntegerKey
{
    /// <summary>A range touches up to a thousand blocks, each a transaction of its own.</summary>
    const string RangeTimeout = "00:01:00";

    [Alias("register-party")]
    Task<CommandReply> RegisterPartyAsync(
        RegistryCommand<LedgerEvent.PartyRegistered> command, CancellationToken cancellationToken);

    [Alias("add-key")]
    Task<CommandReply> AddKeyAsync(RegistryCommand<LedgerEvent.KeyAdded> command, CancellationToken cancellationToken);

    [Alias("revoke-key")]
    Task<CommandReply> RevokeKeyAsync(RevokeKeyCommand command, CancellationToken cancellationToken);

    /// <summary>
    /// Sets a range in every block it touches, then lists it. Sent again, it completes what was left half done.
    /// </summary>
    [Alias("set-range"), ResponseTimeout(RangeTimeout)]
    Task<CommandReply> SetRangeAsync(
        RegistryCommand<LedgerEvent.RangeListed> command, CancellationToken cancellationToken);

    [Alias("end-range"), ResponseTimeout(RangeTimeout)]
    Task<CommandReply> EndRangeAsync(
        RegistryCommand<LedgerEvent.RangeDelisted> command, CancellationToken cancellationToken);

    [Alias("report-feed")]
    Task<CommandReply> ReportFeedAsync(
        RegistryCommand<LedgerEvent.FeedReported> command, CancellationToken cancellationToken);
}

[GenerateSerializer, Immutable, Alias("registry-command.v1`1")]
public sealed record RegistryCommand<TEvent>([property: Id(0)] TEvent Event, [property: Id(1)] CommandId? Command)
    where TEvent : LedgerEvent;

[GenerateSerializer, Immutable, Alias("revoke-key.v1")]
public sealed record RevokeKeyCommand(
    [property: Id(0)] string Party, [property: Id(1)] string KeyId, [property: Id(2)] CommandId? Command);
