namespace NumberLedger.Grains;

/// <summary>The ledger cannot answer now. After a write the outcome is unknown; a read has told nothing.</summary>
/// <remarks>What grains throw instead of a driver's exceptions, which another silo may not be able to read.</remarks>
/// <param name="message">Told to callers: no folder, no block, no words of a driver. Those go to the log.</param>
[GenerateSerializer, Alias("ledger-unavailable.v1")]
public class LedgerUnavailableException(string message) : Exception(message);

/// <summary>Another process of the cluster could not be asked, or did not answer in time.</summary>
[GenerateSerializer, Alias("silo-unreachable.v1")]
public sealed class SiloUnreachableException()
    : LedgerUnavailableException("A part of the ledger cannot be reached now.");

/// <summary>
/// The store could not be reached from this process, which knows nothing against it: another process may reach it.
/// </summary>
[GenerateSerializer, Alias("store-out-of-reach.v1")]
public sealed class StoreOutOfReachException(string message) : LedgerUnavailableException(message);
