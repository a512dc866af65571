namespace NumberLedger.Grains;

/// <summary>
/// How many entries of bulk writes may be under way at once, of all callers together; whoever came first gets in first.
/// </summary>
/// <remarks>
/// So the store's queue never fills with them: a single write waits behind so many entries at most, and is not refused.
/// </remarks>
internal sealed class EntryBudget(int entriesMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<(int Entries, TaskCompletionSource Turn)> _waiting = new();
    private int _taken;

    /// <param name="entries">More than there may be at all counts as all.</param>
    public Task TakeAsync(int entries)
    {
        entries = Math.Min(entries, entriesMax);
        lock (_gate)
        {
            if (_waiting.Count == 0 && entries <= entriesMax - _taken)
            {
                _taken += entries;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((entries, turn));
            return turn.Task;
        }
    }

    public void Return(int entries)
    {
        lock (_gate)
        {
            _taken -= Math.Min(entries, entriesMax);
            while (_waiting.TryPeek(out (int Entries, TaskCompletionSource Turn) next)
                && next.Entries <= entriesMax - _taken)
            {
                _taken += next.Entries;
                _waiting.Dequeue().Turn.SetResult();
            }
        }
    }
}
