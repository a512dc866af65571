using System.Collections.Concurrent;

namespace NumberLedger.Api;

/// <summary>How many files of a party are under way at once.</summary>
internal sealed class FileSlots
{
    private readonly ConcurrentDictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <returns>Disposed when the file has ended; null: all of the party's are taken.</returns>
    public IDisposable? TryTake(string party)
    {
        if (_taken.AddOrUpdate(party, 1, static (_, taken) => taken + 1) <= Limits.FilesPerPartyMax)
        {
            return new Slot(this, party);
        }

        Leave(party);
        return null;
    }

    private void Leave(string party) => _taken.AddOrUpdate(party, 0, static (_, taken) => taken - 1);

    private sealed class Slot(FileSlots slots, string party) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) slots.Leave(party);
        }
    }
}
