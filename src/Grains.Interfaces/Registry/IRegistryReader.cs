namespace NumberLedger.Grains;

/// <summary>The registry as it is now, for every request's credential.</summary>
public interface IRegistryReader
{
    /// <summary>The registry, validated by a read of its head that began after this call.</summary>
    /// <exception cref="LedgerUnavailableException">It could not be validated: nobody can be let in.</exception>
    ValueTask<RegistryState> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The registry as it was last read, not validated: for an answer that is given only once it is.</summary>
    KnownRegistry Known { get; }

    /// <summary>
    /// The registry, validated by a read of its head that began after <see cref="Known"/> was taken: without waiting if
    /// one has ended meanwhile, for whomever.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">It could not be validated: nobody can be let in.</exception>
    ValueTask<RegistryState> ReadSinceAsync(KnownRegistry known);
}

/// <param name="Reads">How many reads of heads this process had begun by then.</param>
public readonly record struct KnownRegistry(RegistryState State, long Reads);
