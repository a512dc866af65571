namespace NumberLedger.Silo;

/// <summary>What a process of a cluster does. Any number of each.</summary>
internal enum ProcessRole
{
    /// <summary>Silo and API.</summary>
    All = 1,

    /// <summary>Grains and indexes, and no API but its health.</summary>
    Silo = 2,

    /// <summary>The API; it calls silos, and is none.</summary>
    Api = 3,
}
