namespace NumberLedger.Grains;

/// <summary>The registry as it is now, for every request's credential.</summary>
public interface IRegistryReader
{
    /// <summary>The registry, validated by a read of its head that began after this call.</summary>
    /// <exception cref="LedgerUnavailableException">It could not be validated: nobody can be let in.</exception>
    ValueTask<RegistryState> ReadAsync(CancellationToken cancellationToken);
}
