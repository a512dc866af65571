using Orleans.Concurrency;

namespace NumberLedger.Grains;

/// <summary>The part of a silo that answers for one lane.</summary>
/// <remarks>Reentrant, and off its own scheduler: chunks of many files are answered at once.</remarks>
[GrainType("lane"), Reentrant, LanePlacement]
internal sealed class LaneGrain(
    BulkReader reader, BulkWriter writer, LanePlaces places, ILocalSiloDetails silo)
    : Grain, ILaneGrain
{
    /// <summary>How long a lane may stay where it is when silos have come.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(MoveIfMeantAsync, new() { DueTime = BetweenLooks, Period = BetweenLooks });
        return base.OnActivateAsync(cancellationToken);
    }

    public Task<LaneReply> CheckAsync(LaneQuery query, CancellationToken cancellationToken) =>
        Task.Run(() => reader.AnswerAsync(query, cancellationToken).AsTask(), cancellationToken);

    public Task<BulkReply[]> WriteAsync(LaneRows rows, CancellationToken cancellationToken) =>
        Task.Run(() => writer.WriteAsync(new SentRows(rows), rows.DryRun, cancellationToken), cancellationToken);

    private Task MoveIfMeantAsync(CancellationToken cancellationToken)
    {
        if (!places.Of((int)this.GetPrimaryKeyLong()).Equals(silo.SiloAddress)) this.MigrateOnIdle();
        return Task.CompletedTask;
    }

    private sealed class SentRows(LaneRows rows) : IBulkRows
    {
        public int Count => rows.Numbers.Length;

        public PhoneNumber NumberAt(int row) => rows.Numbers[row];

        public LedgerEvent SaidAt(int row) => EntryCodec.Decode(rows.Said[row]).Event;
    }
}
