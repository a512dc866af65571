namespace NumberLedger;

/// <summary>
/// Keeps small states under names, as bytes that it does not look into: they are sealed above it. What is no entry of
/// the ledger but must last, and be the same for all processes of a cluster, is a state: jobs, sessions, keys.
/// </summary>
/// <remarks>
/// A name has 1 to <see cref="NameCharsMax"/> characters out of a-z, 0-9, '_' and '.', and begins with a letter; any
/// other is an <see cref="ArgumentException"/>. Any method may throw <see cref="StoreUnavailableException"/>; of
/// those that write a caller MUST take it as "unknown": what was asked for may have been done.
/// </remarks>
public interface IStateStore
{
    const int NameCharsMax = 200;

    /// <summary>Azure Tables keeps less than 1 MiB in a row.</summary>
    const int BytesMax = 256 * 1024;

    /// <summary>Names that begin with this, in no order, and the versions that were seen there.</summary>
    /// <param name="prefix">Empty for all; otherwise as a name is.</param>
    Task<IReadOnlyList<StateVersion>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <returns>Null if there is no such state.</returns>
    Task<StoredState?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Makes a state, or puts these bytes in the place of those it has.</summary>
    /// <param name="content">At most <see cref="BytesMax"/>; more is an <see cref="ArgumentException"/>.</param>
    /// <param name="expected">The version that the caller has seen; null: there is no such state.</param>
    /// <returns>Its version from now on; null if it is not as expected, and nothing was done.</returns>
    /// <remarks>
    /// A driver MUST make it durable before it returns, MUST let exactly one of racing calls that expect the same be
    /// first, and MUST NOT give a version twice to one name, also if it was deleted meanwhile.
    /// </remarks>
    Task<string?> SaveAsync(
        string name, ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellationToken);

    /// <returns>Whether it was there as expected, and is there no more, also after a crash.</returns>
    Task<bool> DeleteAsync(string name, string expected, CancellationToken cancellationToken);
}

/// <param name="Version">Means nothing but "another than before".</param>
public readonly record struct StateVersion(string Name, string Version);

public sealed record StoredState(string Version, byte[] Content);
