using NumberLedger.Stores;

namespace NumberLedger.Testing;

/// <summary>The port of states in its plainest form, for tests alone. It passes the drivers' contract.</summary>
internal sealed class InMemoryStates : IStateStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredState> _states = [];
    private int _versions;

    /// <summary>The next calls that write throw: after they were done, or instead.</summary>
    public Queue<bool> Failures { get; } = [];

    /// <summary>What another process would find if this one were killed now.</summary>
    public InMemoryStates Copy()
    {
        var copy = new InMemoryStates();
        lock (_lock)
        {
            copy._versions = _versions;
            foreach ((string name, StoredState state) in _states) copy._states.Add(name, state);
        }

        return copy;
    }

    public Task<IReadOnlyList<StateVersion>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StoredNames.CheckPrefix(prefix);
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StateVersion>>(
            [
                .. _states.Where(state => state.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(state => new StateVersion(state.Key, state.Value.Version)),
            ]);
        }
    }

    public Task<StoredState?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name);
        lock (_lock) return Task.FromResult(_states.GetValueOrDefault(name));
    }

    public Task<string?> SaveAsync(
        string name, ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name, content);
        return WriteAsync(() =>
        {
            if (_states.GetValueOrDefault(name)?.Version != expected) return null;

            string version = $"{++_versions}";
            _states[name] = new(version, content.ToArray());
            return version;
        });
    }

    public Task<bool> DeleteAsync(string name, string expected, CancellationToken cancellationToken)
    {
        StoredNames.CheckState(name);
        return WriteAsync(() => _states.GetValueOrDefault(name)?.Version == expected && _states.Remove(name));
    }

    private Task<T> WriteAsync<T>(Func<T> write)
    {
        lock (_lock)
        {
            bool fails = Failures.TryDequeue(out bool isDone);
            if (fails && !isDone) throw new StoreUnavailableException("It failed.");

            T written = write();
            return fails ? throw new StoreUnavailableException("It failed afterwards.") : Task.FromResult(written);
        }
    }
}
