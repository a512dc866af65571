using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace NumberLedger.Api;

/// <summary>The jobs that this process works on.</summary>
internal sealed class JobHolds
{
    private const int NameBytes = 8;

    private readonly ConcurrentDictionary<string, JobHold> _held = new();

    /// <summary>Tells this process, from its start to its end, from all others.</summary>
    public string Process { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes));

    public JobHold Hold(string id, CancellationToken stopping) => _held[id] = new JobHold(this, id, stopping);

    public bool Has(string id) => _held.ContainsKey(id);

    /// <summary>It is another's now, or nobody's.</summary>
    public void LetGo(string id)
    {
        if (_held.TryGetValue(id, out JobHold? hold)) hold.Lose();
    }

    /// <summary>The job itself may be held anew.</summary>
    internal void Ended(string id, JobHold hold) => _held.TryRemove(KeyValuePair.Create(id, hold));
}

/// <summary>For as long as this process works on a job.</summary>
internal sealed class JobHold(JobHolds holds, string id, CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource _ends = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    /// <summary>The work stops: the job was lost, or the process ends.</summary>
    public CancellationToken Ends => _ends.Token;

    public bool IsLost { get; private set; }

    public void Lose()
    {
        IsLost = true;
        // Not before the work has ended on its own: whoever lets go of it may be the last to hear of its end.
        try
        {
            _ends.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended.
        }
    }

    public void Dispose()
    {
        holds.Ended(id, this);
        _ends.Dispose();
    }
}
