namespace NumberLedger.Grains;

/// <summary>Records in the registry without a grain: for verbs that run no silo.</summary>
public interface IRegistryWriter
{
    /// <param name="rule">Asked again after a conflict.</param>
    /// <param name="command">Sent again, it records nothing twice.</param>
    /// <exception cref="LedgerUnavailableException">The outcome is unknown.</exception>
    Task<CommandReply> RecordAsync(
        Func<RegistryState, DateTimeOffset, Decision> rule, CommandId? command, CancellationToken cancellationToken);
}
