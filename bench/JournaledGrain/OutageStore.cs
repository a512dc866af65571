namespace NumberLedger.Bench.HiddenRetries;

/// <summary>A store in memory whose writes can be made to fail while its reads work, as on a full disk.</summary>
internal sealed class OutageStore
{
    private readonly Lock _lock = new();
    private bool _writesFail;
    private int _attempts;
    private int _version;

    public int Attempts
    {
        get { lock (_lock) return _attempts; }
    }

    public bool WritesFail
    {
        set { lock (_lock) _writesFail = value; }
    }

    public int ReadVersion()
    {
        lock (_lock) return _version;
    }

    /// <returns>False if the store is not at the expected version.</returns>
    /// <exception cref="IOException">Writes fail at present. Nothing was stored.</exception>
    public bool TryAppend(int events, int expectedVersion)
    {
        lock (_lock)
        {
            _attempts++;
            if (_writesFail) throw new IOException("No space left on device.");
            if (_version != expectedVersion) return false;

            _version += events;
            return true;
        }
    }
}
