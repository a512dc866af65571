using System.Collections.Concurrent;

namespace NumberLedger.Api;

/// <summary>How many files are under way at once, of a party and of all.</summary>
internal sealed class FileSlots
{
    private readonly ConcurrentDictionary<string, int> _taken = new(StringComparer.Ordinal);

    private int _all;

    /// <returns>Disposed when the file has ended; null: all of the party's are taken, or all there are.</returns>
    public IDisposable? TryTake(string party)
    {
        int all = Interlocked.Increment(ref _all);
        int ofParty = _taken.AddOrUpdate(party, 1, static (_, taken) => taken + 1);
        if (all <= Limits.FilesAtOnceMax && ofParty <= Limits.FilesPerPartyMax)
        {
            return new Slot(this, party);
        }

        Leave(party);
        return null;
    }

    private void Leave(string party)
    {
        _taken.AddOrUpdate(party, 0, static (_, taken) => taken - 1);
        Interlocked.Decrement(ref _all);
    }

    private sealed class Slot(FileSlots slots, string party) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) slots.Leave(party);
        }
    }
}
